"""Goals as free text: what is read from a sentence, and what is said to be open."""

from datetime import date

import pytest
import smart_goal_samples as goals

from mopsnb.analysis.smart import judge_goals
from mopsnb.analysis.statements import Readings, read_goals, read_statement, size_goals
from mopsnb.analysis.statements.periods import find_period
from mopsnb.analysis.statements.sizes import find_change
from mopsnb.strategy import Channel, Goal, Organization, Stakeholder, Strategy

TODAY = date(2025, 12, 31)
SAMPLE = "Increase total clicks from email by 25% in one year"


def complete(statement: str, months=None, **fields) -> Readings:
    people = [Stakeholder(id="sales", name="Sales", power=4, interest=5)]
    parent = Goal(id="revenue", statement="Win more business", owner="maya")
    goal = Goal(
        id="goal", statement=statement, **{"owner": "maya", "stakeholders": ["sales"], "parent": "revenue"} | fields
    )
    strategy = Strategy(goals=[parent, goal], stakeholders=people)
    placed = read_goals(strategy, goals.make_catalogue(), TODAY)
    metric = placed.find("goal").goal.metric
    history = {"goal": goals.make_months(metric)} if metric and months is None else {}
    return size_goals(placed, goals.make_catalogue(), history)


def test_the_framework_s_sample_goal_is_read_from_its_sentence_and_passes_all_five_letters():
    """P19. The twelve months before the start are added up here without the project's own code."""
    readings = complete(SAMPLE)
    goal = readings.find("goal").goal
    total = goals.make_months("total_clicks")["value"].tolist()[-12:]

    verdicts = judge_goals(
        readings.source, goals.make_catalogue(), {"goal": goals.make_months("total_clicks")}, readings=readings
    )

    assert (goal.metric, goal.start, goal.deadline) == ("total_clicks", date(2026, 1, 1), date(2026, 12, 31))
    assert goal.baseline == sum(total)
    assert goal.target == round(sum(total) * 1.25)
    mine = verdicts[verdicts["goal"] == "goal"].set_index("letter")
    assert mine["verdict"].to_dict() == dict.fromkeys("SMART", "pass")


def test_what_was_assumed_is_said():
    notes = " ".join(complete(SAMPLE).find("goal").notes)

    assert "'in one year' is read from 2026-01-01, the day after the data ends, to 2026-12-31." in notes
    assert "The baseline comes from the data for the 12 months before the start" in notes


def test_a_field_that_is_filled_is_never_changed():
    fields = {
        "metric": "leads",
        "baseline": 10.0,
        "target": 12.0,
        "start": date(2026, 2, 1),
        "deadline": date(2026, 3, 1),
    }

    found = complete(SAMPLE, **fields).find("goal")

    assert {name: getattr(found.goal, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("text", "kind", "way", "amount"),
    [
        ("grow it by 25%", "fraction", "up", 0.25),
        ("15% more", "fraction", "up", 0.15),
        ("up by a fifth", "fraction", "up", 0.2),
        ("triple it", "fraction", "up", 2.0),
        ("halve it", "fraction", "down", 0.5),
        ("increase it tenfold", "fraction", "up", 9.0),
        ("raise it by 1.5 percentage points", "points", "up", 1.5),
        ("cut it by 6 days", "amount", "down", 6.0),
        ("win two more", "amount", "up", 2.0),
        ("improve it by 10%", "fraction", "better", 0.1),
        ("change it by 10%", "fraction", "", 0.1),
        ("halt the rise and reduce it by 8%", "fraction", "down", 0.08),
    ],
)
def test_sizes_and_directions_are_read(text, kind, way, amount):
    found = find_change(text)

    assert (found.kind, found.way) == (kind, way)
    assert found.amount == pytest.approx(amount)


@pytest.mark.parametrize(
    ("text", "baseline", "target"),
    [
        ("raise it from 4.0% to 4.4%", 4.0, 4.4),
        ("from 55 to 59 percent", 55.0, 59.0),
        ("to 24,000 euros from 22,000 euros", 22_000.0, 24_000.0),
        ("reach 34.5k, compared with 30k now", 30_000.0, 34_500.0),
        ("from €0.9m to €1.05m", 900_000.0, 1_050_000.0),
        ("from 3.2x to 3.5x", 3.2, 3.5),
        ("have 14,000 of them (12,000 today)", 12_000.0, 14_000.0),
        ("win 11, up from 9", 9.0, 11.0),
        ("open 46 instead of 40", 40.0, 46.0),
    ],
)
def test_levels_are_read_from_and_to(text, baseline, target):
    found = find_change(text)

    assert found.kind == "level"
    assert (found.baseline.value, found.target.value) == pytest.approx((baseline, target))


@pytest.mark.parametrize(
    ("text", "start", "deadline"),
    [
        ("by the end of 2026", None, "2026-12-31"),
        ("by 30 june 2026", None, "2026-06-30"),
        ("by june 30th, 2026", None, "2026-06-30"),
        ("by 2026-06-30", None, "2026-06-30"),
        ("by 31/12/2026", None, "2026-12-31"),
        ("by 31.12.2026", None, "2026-12-31"),
        ("by february 2028", None, "2028-02-29"),
        ("by q3", None, "2026-09-30"),
        ("by the end of the second quarter of 2026", None, "2026-06-30"),
        ("before 2027", None, "2026-12-31"),
        ("in 2026", "2026-01-01", "2026-12-31"),
        ("in the second half of 2026", "2026-07-01", "2026-12-31"),
        ("between march and may 2026", None, "2026-05-31"),
        ("between march 2026 and may 2026", "2026-03-01", "2026-05-31"),
        ("within six months", None, "2026-06-30"),
        ("over the next two quarters", None, "2026-06-30"),
        ("within two weeks", None, "2026-01-14"),
        ("by year-end", None, "2026-12-31"),
        ("next quarter", None, "2026-06-30"),
    ],
)
def test_times_are_read(text, start, deadline):
    found = find_period(text, TODAY)

    assert found.deadline == date.fromisoformat(deadline)
    assert found.start == date.fromisoformat(start or "2026-01-01")


def test_a_fiscal_year_starts_where_the_strategy_says():
    found = find_period("in fiscal year 2026", TODAY, "07-01")

    assert (found.start, found.deadline) == (date(2026, 7, 1), date(2027, 6, 30))


@pytest.mark.parametrize("text", ["soon", "as soon as possible", "every month", "over time", "going forward"])
def test_a_vague_time_is_no_deadline_and_is_quoted(text):
    found = find_period(f"increase it by 10 % {text}", TODAY)

    assert found.deadline is None
    assert found.notes == (f"'{text}' is no date.",)


def test_a_day_that_may_be_two_days_is_left_open():
    found = find_period("by 03/04/2026", TODAY)

    assert found.deadline is None
    assert "write the year first, such as 2026-03-04" in found.notes[0]


def test_a_word_that_several_metrics_share_is_not_guessed():
    found = complete("Increase clicks by 10% in one year").find("goal")

    assert found.goal.metric == ""
    assert "'clicks' may mean Total clicks from email or Ad clicks." in found.notes


def test_the_place_that_a_sentence_names_settles_a_shared_word():
    for words, metric in (("our newsletter", "total_clicks"), ("Google ads", "ad_clicks")):
        assert complete(f"Increase clicks on {words} by 10% in one year").find("goal").goal.metric == metric


def test_a_channel_of_the_strategy_becomes_the_scope_and_another_limit_is_said():
    strategy = Strategy(channels=[Channel(id="trade_fair", name="Trade fair")], organization=Organization())
    found = read_statement("Win 10% more leads from trade fairs in 2026", strategy, goals.make_catalogue(), TODAY)
    other = complete("Win 10% more leads from partners in 2026").find("goal")

    assert found.channels == ("trade_fair",)
    assert any("'from partners'" in note for note in other.notes)


def test_a_percent_of_a_rate_is_read_as_a_part_and_that_is_said():
    found = complete("Raise the open rate by 5% in one year").find("goal")

    assert found.goal.target == pytest.approx(found.goal.baseline * 1.05, rel=1e-4)
    assert any("not as percentage points" in note for note in found.notes)


def test_a_figure_that_fits_one_month_counts_for_each_month_and_that_is_said():
    found = complete("Grow MQLs from 240 to 285 by the end of 2026").find("goal")

    assert (found.goal.baseline, found.goal.target) == (2880, 3420)
    assert any("it is read per month" in note for note in found.notes)


def test_a_goal_that_starts_later_takes_its_baseline_from_what_is_known_by_now():
    found = complete("Increase total clicks from email by 25% in 2027").find("goal")

    assert (found.goal.start, found.goal.deadline) == (date(2027, 1, 1), date(2027, 12, 31))
    assert found.goal.baseline == sum(goals.make_months("total_clicks")["value"].tolist()[-12:])
    assert any("the 12 months before 2026-01-01" in note for note in found.notes)


def test_a_scope_without_a_month_is_said():
    found = complete("Win 10% more leads from webinars in 2026", months=()).find("goal")

    assert any("no month of Leads in that scope" in note for note in found.notes)


def test_without_data_a_relative_goal_has_no_baseline_and_says_so():
    found = complete(SAMPLE, months=()).find("goal")

    assert (found.goal.baseline, found.goal.target) == (None, None)
    assert any("too little data for the baseline" in note for note in found.notes)


def test_stakeholder_and_parent_are_read_by_name_but_not_from_the_name_of_a_metric():
    text = "Get 10% more sales qualified leads in 2026"
    links = {"stakeholders": [], "parent": None}

    bare = complete(text, **links).find("goal").goal
    linked = complete(f"{text} so that sales has more to call; this serves the revenue goal", **links).find("goal").goal

    assert (bare.stakeholders, bare.parent) == ([], None)
    assert (linked.stakeholders, linked.parent) == (["sales"], "revenue")


def test_without_any_data_nothing_is_read():
    readings = read_goals(Strategy(goals=[Goal(id="a", statement=SAMPLE)]), goals.make_catalogue(), None)

    assert size_goals(readings, goals.make_catalogue(), {}).goals[0].metric == ""


# "Bounce rate" alone may be of emails or of the website.
@pytest.mark.parametrize("name", goals.make_catalogue().index.drop("bounce_rate"))
def test_every_metric_of_the_catalogue_is_found_by_its_title_alone(name):
    title = goals.make_catalogue().loc[name, "title"]
    found = read_statement(f"Increase {title} by 10% in 2026", Strategy(), goals.make_catalogue(), TODAY)

    assert found.metric == name
