"""A run goes only where no rule keeps it; the last good run, runs at work and strangers' files never go."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from run_samples import read_tree

from mopsnb.errors import LockedError, OutputError, UsageError
from mopsnb.run import retention
from mopsnb.run.locking import hold
from mopsnb.run.publish import KIND
from mopsnb.run.retention import find_last_good, prune, summarize

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def make_run(runs: Path, hours: float, status: str = "ok", *, number: int = 0) -> str:
    name = f"{NOW - timedelta(hours=hours):%Y%m%dT%H%M%SZ}-{number:08x}"
    (runs / name / "results").mkdir(parents=True)
    (runs / name / "run.json").write_text(json.dumps({"kind": KIND, "status": status}))
    (runs / name / "index.html").write_text(name)
    return name


def lead(runs: Path, name: str) -> None:
    (runs / "latest").unlink(missing_ok=True)
    (runs / "latest").symlink_to(name)


def list_names(runs: Path) -> set[str]:
    return {path.name for path in runs.iterdir() if not path.name.startswith(".lock")}


def tell(verdicts: list[retention.Verdict]) -> dict[str, bool]:
    return {verdict.run: verdict.stays for verdict in verdicts}


def test_a_run_goes_only_beyond_every_rule(tmp_path: Path) -> None:
    names = [make_run(tmp_path, hours) for hours in (1, 30, 60, 90)]
    lead(tmp_path, names[0])
    assert tell(prune(tmp_path, keep=1, days=2, now=NOW)) == dict(zip(names, [True, True, False, False]))
    assert list_names(tmp_path) == {*names[:2], "latest"}


@pytest.mark.parametrize(("rule", "left"), [({"keep": 2}, 2), ({"days": 3}, 3), ({"keep": 9, "days": 1}, 4)])
def test_one_rule_alone_decides_alone(tmp_path: Path, rule: dict[str, int], left: int) -> None:
    names = [make_run(tmp_path, hours) for hours in (1, 30, 60, 90)]
    lead(tmp_path, names[0])
    prune(tmp_path, **rule, now=NOW)
    assert list_names(tmp_path) == {*names[:left], "latest"}


def test_the_age_of_a_run_is_that_of_its_record(tmp_path: Path) -> None:
    names = [make_run(tmp_path, hours) for hours in (1, 2, 30)]
    lead(tmp_path, names[0])
    record = {"kind": KIND, "status": "failed", "volatile": {"started_at": "2026-10-01T08:00:00+00:00"}}
    (tmp_path / names[1] / "run.json").write_text(json.dumps(record))  # its name went on from that of a run before
    (tmp_path / names[2] / "run.json").write_text(json.dumps(record | {"volatile": {"started_at": "once"}}))
    prune(tmp_path, days=2, now=NOW)
    assert list_names(tmp_path) == {names[0], names[2], "latest"}


def test_the_last_good_run_stays_however_old_it_is(tmp_path: Path) -> None:
    good = make_run(tmp_path, 9000)
    bad = [make_run(tmp_path, hours, "failed") for hours in (1, 2, 3)]
    lead(tmp_path, good)
    verdicts = prune(tmp_path, keep=1, now=NOW)
    assert list_names(tmp_path) == {good, bad[0], "latest"}
    assert [verdict.reason for verdict in verdicts if verdict.run == good] == ["the last good run"]


def test_without_links_the_newest_good_run_is_the_last_good_one(tmp_path: Path) -> None:
    names = [make_run(tmp_path, 1, "failed"), make_run(tmp_path, 2, "partial"), make_run(tmp_path, 3)]
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "run.json").write_text(json.dumps({"kind": KIND, "status": "partial"}))
    assert find_last_good(tmp_path) == names[1]
    prune(tmp_path, keep=0, now=NOW)
    assert list_names(tmp_path) == {names[1], "latest"}


def test_nothing_but_runs_of_ours_is_touched(tmp_path: Path) -> None:
    old = make_run(tmp_path, 5000)
    newest = make_run(tmp_path, 1)
    lead(tmp_path, newest)
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    target = make_run(outside, 6000)
    (tmp_path / target).symlink_to(outside / target)  # a link that is named like a run
    noted = make_run(tmp_path, 7000)
    (tmp_path / noted / "notes.txt").write_text("mine")
    foreign = "20200101T000000Z-abcdef00"
    (tmp_path / foreign).mkdir()
    (tmp_path / foreign / "run.json").write_text('{"kind": "of another program"}')
    building = f".{make_run(tmp_path, 8000)}.building-01234567"
    (tmp_path / building[1:26]).rename(tmp_path / building)
    for name in ("mine", "20200101T000000Z-abcdef00.zip"):
        (tmp_path / name).mkdir()
    before = {name: read_tree(tmp_path / name, without=()) for name in list_names(tmp_path) - {old}}
    verdicts = prune(tmp_path, keep=1, days=1, now=NOW)
    assert {name: read_tree(tmp_path / name, without=()) for name in list_names(tmp_path)} == before
    assert {verdict.run: verdict.reason for verdict in verdicts if verdict.stays} == {
        newest: "the last good run",
        noted: "it holds what is not the report's: notes.txt",
    }
    assert (outside / target / "index.html").is_file()


def test_a_dry_run_says_the_same_and_removes_nothing(tmp_path: Path) -> None:
    names = [make_run(tmp_path, hours) for hours in (1, 30, 60)]
    lead(tmp_path, names[0])
    before = read_tree(tmp_path, without=())
    dry = prune(tmp_path, keep=1, dry_run=True, now=NOW)
    assert read_tree(tmp_path, without=()) == before
    assert prune(tmp_path, keep=1, now=NOW) == dry
    assert summarize(dry, dry_run=True).splitlines() == [
        f"{names[0]}  kept: the last good run",
        f"{names[1]}  would be removed: no rule keeps it",
        f"{names[2]}  would be removed: no rule keeps it",
        "2 of 3 runs would be removed.",
    ]


def test_without_a_rule_nothing_goes(tmp_path: Path) -> None:
    make_run(tmp_path, 9000)
    with pytest.raises(UsageError, match="--keep N"):
        prune(tmp_path)


def test_a_workspace_without_runs_has_nothing_to_remove(tmp_path: Path) -> None:
    assert prune(tmp_path / "runs", keep=1) == []


def test_it_waits_for_a_run_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = make_run(tmp_path, 9000)
    monkeypatch.setattr(retention, "hold", lambda lock, steps: hold(lock, steps, on_lock="fail"))
    with hold(tmp_path / ".lock"), pytest.raises(LockedError):
        prune(tmp_path, keep=0, now=NOW)
    assert (tmp_path / old).is_dir()


def test_a_run_disappears_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [make_run(tmp_path, hours) for hours in (1, 30)]
    lead(tmp_path, names[0])

    def fail(path: Path) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(retention.shutil, "rmtree", fail)
        prune(tmp_path, keep=1, now=NOW)
    assert {name for name in list_names(tmp_path) if not name.startswith(".")} == {"latest", names[0]}
    prune(tmp_path, keep=1, now=NOW)
    assert list_names(tmp_path) == {"latest", names[0]}  # what was left out of sight is gone too


def test_a_run_that_cannot_be_removed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [make_run(tmp_path, hours) for hours in (1, 30)]
    lead(tmp_path, names[0])

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match="Permission denied"):
        prune(tmp_path, keep=1, now=NOW)
    assert (tmp_path / names[1] / "index.html").is_file()


ages = st.lists(st.integers(0, 24 * 60), min_size=0, max_size=12, unique=True)
rules = st.tuples(st.none() | st.integers(0, 14), st.none() | st.integers(0, 70)).filter(
    lambda rule: rule != (None, None)
)


@given(
    hours=ages,
    statuses=st.lists(st.sampled_from(["ok", "failed", "partial", "killed", "stopped"]), min_size=12, max_size=12),
    rule=rules,
    pick=st.integers(0, 11),
)
def test_the_rule_holds_for_any_history(hours: list[int], statuses: list[str], rule, pick: int) -> None:
    keep, days = rule
    with tempfile.TemporaryDirectory() as place:
        runs = Path(place)
        names = [make_run(runs, hour, status, number=at) for at, (hour, status) in enumerate(zip(hours, statuses))]
        good = [name for name, status in zip(names, statuses) if status in ("ok", "partial")]
        last = good[pick % len(good)] if good else ""
        if last:
            lead(runs, last)
        ranks = {name: rank for rank, name in enumerate(sorted(names, reverse=True), 1)}
        stay = {
            name
            for name, hour in zip(names, hours)
            if name == last or (keep is not None and ranks[name] <= keep) or (days is not None and hour < days * 24)
        }
        wider = prune(runs, keep=None if keep is None else keep + 1, days=days, dry_run=True, now=NOW)
        verdicts = prune(runs, keep=keep, days=days, now=NOW)
        assert {verdict.run for verdict in verdicts if verdict.stays} == stay
        assert list_names(runs) - {"latest"} == stay
        assert stay <= {verdict.run for verdict in wider if verdict.stays}
        assert all(verdict.stays for verdict in prune(runs, keep=keep, days=days, now=NOW) if verdict.run == last)
