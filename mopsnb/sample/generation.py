"""Generates the sample company: blocks of contacts one after the other, then what is made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mopsnb.errors import OutputError, UsageError
from mopsnb.sample.accounts import tabulate_accounts
from mopsnb.sample.ads import Advertising, generate_ads, tabulate_ads
from mopsnb.sample.block import run_block
from mopsnb.sample.budget import generate_spend, sum_by_campaign, sum_invoices, tabulate_plan
from mopsnb.sample.campaign_tables import tabulate_campaigns, tabulate_map
from mopsnb.sample.campaigns import Plan
from mopsnb.sample.contact_tables import tabulate_contacts
from mopsnb.sample.contacts import BLOCKS
from mopsnb.sample.deal_tables import tabulate_deals
from mopsnb.sample.email_tables import tabulate_email
from mopsnb.sample.engagement import Members, generate_activities
from mopsnb.sample.happenings import tabulate_calendar
from mopsnb.sample.lifecycle import tabulate_stages
from mopsnb.sample.outcomes import Ledger
from mopsnb.sample.pieces import generate_content
from mopsnb.sample.programs import build_plan
from mopsnb.sample.routing import run_routing, tabulate_assignments, tabulate_follow_up
from mopsnb.sample.service import run_service, tabulate_service
from mopsnb.sample.strategy import set_figures, write_strategy
from mopsnb.sample.task_tables import tabulate_changes, tabulate_tasks
from mopsnb.sample.tasks import Task, list_tasks
from mopsnb.sample.team import tabulate_tools, tabulate_usage
from mopsnb.sample.totals import Totals
from mopsnb.sample.touchpoints import generate_touchpoints
from mopsnb.sample.truth import describe_truth
from mopsnb.sample.voices import tabulate_approvals, tabulate_decisions, tabulate_feedback
from mopsnb.sample.web import generate_web
from mopsnb.sample.writing import Tables, write_json, write_story

MARK = "truth.json"  # a folder that holds it was generated, and may be generated anew


@dataclass(frozen=True, slots=True)
class Job:
    """What all parts of one generation share."""

    plan: Plan
    ads: Advertising
    seed: int
    scale: int

    @property
    def blocks(self) -> int:
        """How many blocks of contacts there are."""
        return BLOCKS * self.scale


def generate(
    folder: Path, *, seed: int = 7, scale: int = 1, progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Write the sample company as a workspace, and return the truth behind it.

    Parameters
    ----------
    folder
        Where to. It may be missing, empty, or an earlier sample, which is replaced.
    seed
        Which of the possible companies. The same seed and scale give the same values.
    scale
        How many times as many contacts, accounts, events, deals and dollars as in the bundled sample.
        Memory stays the same at any scale: contacts are made in blocks.
    progress
        Called with the blocks done and the blocks in all.

    Returns
    -------
    dict
        What ``truth.json`` holds.

    Raises
    ------
    OutputError
        The folder holds something else, or cannot be written.
    UsageError
        The scale is below 1, or the seed below 0.
    """
    if scale < 1 or seed < 0:
        raise UsageError(
            f"Scale is {scale} and seed is {seed}; a sample needs a scale of 1 or more, a seed of 0 or more."
        )
    folder = Path(folder)
    _refuse_foreign(folder)
    partial = folder.resolve().with_name(f".{folder.resolve().name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        (partial / "data").mkdir(parents=True)
        truth = _fill(partial, seed, scale, progress)
        _replace(folder, partial)
    except OSError as error:
        raise OutputError(f"Cannot write the sample to {folder}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return truth


def _refuse_foreign(folder: Path) -> None:
    """Raise where the folder holds something that is no earlier sample."""
    if not folder.exists() or (folder.is_dir() and ((folder / MARK).is_file() or not any(folder.iterdir()))):
        return
    raise OutputError(
        f"{folder} holds files that are not a sample. Name an empty or new folder, or one that `mopsnb sample` wrote."
    )


def _replace(folder: Path, partial: Path) -> None:
    """Put the finished sample in the place of the earlier one, and keep what is not part of a sample."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in sorted(partial.iterdir()):
        target = folder / entry.name
        if target.is_dir():
            shutil.rmtree(target)
        entry.replace(target)


def _fill(folder: Path, seed: int, scale: int, progress: Callable[[int, int], None] | None) -> dict[str, Any]:
    plan = build_plan()
    job = Job(plan, generate_ads(plan, seed, scale), seed, scale)
    tables, totals = Tables(folder / "data"), Totals(np.zeros((5, len(plan.sends)), dtype=np.int64))
    requests, tasks, spend = run_service(seed), list_tasks(seed), generate_spend(plan, seed, scale)
    try:
        for block in range(job.blocks):
            _add_block(tables, totals, job, block)
            if progress:
                progress(block + 1, job.blocks)
        tables.append("service_event", tabulate_service(requests))
        _add_shared(tables, totals, job, spend)
        _add_work(tables, tasks, seed)
    except BaseException:
        tables.close(complete=False)
        raise
    tables.close()
    ledger = Ledger(plan, job.ads, totals, sum_invoices(spend), seed, scale)
    figures = set_figures(ledger)
    truth = describe_truth(ledger, figures, requests, tasks) | {"rows": dict(sorted(tables.rows.items()))}
    (folder / "strategy.yml").write_text(write_strategy(figures), encoding="utf-8", newline="\n")
    write_story(folder / "README.md", tables.rows, seed, scale)
    write_json(folder / MARK, truth)
    return truth


def _add_block(tables: Tables, totals: Totals, job: Job, number: int) -> None:
    """Make one block of contacts with everything that happens to them, and write what is known on the last day."""
    simulated = run_block(job.plan, job.ads, job.seed, (number, job.blocks))
    block = simulated.known()
    people, planted = tabulate_contacts(block)
    members = Members(block, job.plan)
    routing = run_routing(block)
    parts = {
        "account": tabulate_accounts(block.accounts, job.seed, number),
        "contact": people,
        "stage_event": tabulate_stages(block.contact_ids, block.life),
        **tabulate_deals(block, job.plan.ids),
        "email_event": tabulate_email(block, job.plan),
        "campaign_member": members.tabulate(job.plan, block.contact_ids),
        "touchpoint": generate_touchpoints(block, job.plan),
        "lead_activity": generate_activities(block, members),
        "assignment_event": tabulate_assignments(routing, block.contact_ids),
        "service_event": tabulate_follow_up(routing, block),
    }
    for name, part in parts.items():
        tables.append(name, part)
    totals.add_block(simulated, people)
    totals.add_routing(routing, block.contact_ids, listed=number < BLOCKS)
    if number < BLOCKS:
        totals.planted.append(planted)


def _add_shared(tables: Tables, totals: Totals, job: Job, spend: pa.Table) -> None:
    """Write the tables about campaigns and money, which are made once."""
    tables.append("ad_daily", tabulate_ads(job.ads, job.plan, job.seed))
    tables.append("web_daily", generate_web(job.ads, job.plan, totals.clicks, job.seed, job.scale))
    tables.append("content", generate_content(job.seed, job.scale))
    tables.write_csv("spend_actual", spend)
    tables.write_csv("budget_plan", tabulate_plan(job.scale))
    tables.write_csv("campaign", tabulate_campaigns(job.plan, job.ads, sum_by_campaign(spend), job.scale))
    tables.write_csv("campaign_map", tabulate_map(job.plan))
    tables.write_csv("event_calendar", tabulate_calendar())


def _add_work(tables: Tables, tasks: list[Task], seed: int) -> None:
    """Write the tables about the team's own work, which are made once and do not grow with the scale."""
    tables.append("task_event", tabulate_changes(tasks))
    tables.append("feedback", tabulate_feedback(seed))
    tables.write_csv("task", tabulate_tasks(tasks, seed))
    tables.write_csv("tool", tabulate_tools())
    tables.write_csv("tool_usage", tabulate_usage(seed))
    tables.write_csv("decision", tabulate_decisions())
    tables.write_csv("approval", tabulate_approvals())
