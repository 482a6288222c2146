"""The labelled goals of tests/analysis/smart_goals, and what the rules say about them."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import analysis_samples as samples
import pandas as pd
from ruamel.yaml import YAML

from mopsnb.analysis.smart import judge_goals
from mopsnb.analysis.statements import Readings, read_goals, size_goals
from mopsnb.data.catalogue import catalogue_frame, read_catalogue
from mopsnb.strategy import Goal, Stakeholder, Strategy

FOLDER = Path(__file__).parent / "analysis" / "smart_goals"
YEARS = (2022, 2023, 2024, 2025)
OPEN = {"S": "MA", "M": "A", "M_elsewhere": "SA", "T": "A"}  # letters that a flaw leaves open


class Labelled(NamedTuple):
    text: str
    flaw: str  # a letter, or empty
    open_letters: str
    has_links: bool


@cache
def read_company() -> dict:
    return YAML(typ="safe").load(FOLDER / "company.yml")


@cache
def read_labelled(part: str) -> list[Labelled]:
    groups = YAML(typ="safe").load(FOLDER / f"{part}.yml")
    found = []
    for key, texts in groups.items():
        flaw = "" if key.endswith("good") else key[0]
        found += [Labelled(text, flaw, OPEN.get(key, ""), key not in ("bare_good", "R")) for text in texts]
    return found


@cache
def make_catalogue() -> pd.DataFrame:
    return catalogue_frame(read_catalogue())


@cache
def make_months(metric: str) -> pd.DataFrame:
    """Four years of months that grow as company.yml says, with up to 4 % of noise that is the same each time."""
    level, *growth = read_company()["histories"][metric]
    means = [level]
    for rate in reversed(growth):
        means.insert(0, means[0] / (1 + rate))
    knots = [(12 * place + 5.5, math.log(mean)) for place, mean in enumerate(means)]
    values = []
    for month in range(48):
        place = min(max(int((month - 5.5) // 12), 0), 2)
        (left, low), (right, high) = knots[place], knots[place + 1]
        trend = math.exp(low + (high - low) * (month - left) / (right - left))
        noise = 0.04 * (2 * ((month * 0.618034) % 1) - 1)
        values.append(trend * (1 + noise * (0.1 if metric == "delivery_rate" else 1)))
    row = make_catalogue().loc[metric]
    if row["additive"]:
        rounded = [float(round(value)) if row["unit"] == "count" else value for value in values]
        return samples.additive(date(2022, 1, 1), rounded, metric=metric)
    base = 1e6 if row["unit"] == "fraction" else 1e3
    return samples.ratio(date(2022, 1, 1), [(value * base, base) for value in values], metric=metric)


def make_goals(labelled: list[Labelled]) -> Strategy:
    company = read_company()
    people = [
        Stakeholder(id=name.casefold().replace(" ", "-"), name=name, power=4, interest=4)
        for name in company["stakeholders"]
    ]
    parent = Goal(id=company["parent"]["id"], statement=company["parent"]["statement"], owner="maya")
    goals = []
    for place, item in enumerate(labelled):
        links = {"stakeholders": ["sales"], "parent": parent.id} if item.has_links else {}
        goals.append(Goal(id=f"goal-{place}", statement=item.text, owner="maya", **links))
    return Strategy(goals=[parent, *goals], stakeholders=people)


def read_all(strategy: Strategy) -> tuple[Readings, dict[str, pd.DataFrame]]:
    today = date.fromisoformat(str(read_company()["as_of"]))
    placed = read_goals(strategy, make_catalogue(), today)
    known = read_company()["histories"]
    history = {goal.id: make_months(goal.metric) for goal in placed.goals if goal.metric in known}
    return size_goals(placed, make_catalogue(), history), history


@cache
def judge_labelled(part: str) -> pd.DataFrame:
    """The verdicts of a part, a row a goal: text, flaw, open_letters, then S, M, A, R, T and the reasons."""
    labelled = read_labelled(part)
    strategy = make_goals(labelled)
    readings, history = read_all(strategy)
    verdicts = judge_goals(strategy, make_catalogue(), history, readings=readings)
    rows = []
    for place, item in enumerate(labelled):
        mine = verdicts[verdicts["goal"] == f"goal-{place}"].set_index("letter")
        rows.append(item._asdict() | mine["verdict"].to_dict() | {f"{k}_reason": v for k, v in mine["reason"].items()})
    return pd.DataFrame(rows)


def score_letters(frame: pd.DataFrame) -> pd.DataFrame:
    """F1 of each letter: a flaw is found where the verdict is fail. Letters that a goal leaves open do not count."""
    rows = defaultdict(dict)
    for letter in "SMART":
        known = frame[[letter not in open_letters for open_letters in frame["open_letters"]]]
        flawed, failed = known["flaw"] == letter, known[letter] == "fail"
        hits, missed, false = (flawed & failed).sum(), (flawed & ~failed).sum(), (~flawed & failed).sum()
        rows[letter] = {"flawed": int(flawed.sum()), "hits": int(hits), "missed": int(missed), "false": int(false)}
        rows[letter]["f1"] = 2 * hits / (2 * hits + missed + false) if hits + missed + false else math.nan
    return pd.DataFrame(rows).T
