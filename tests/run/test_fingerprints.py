"""Every kind of change of a run's inputs is noticed, and a file that was only touched is no change."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from run_samples import SPEND, STRATEGY, make_request, make_workspace

from mopsnb.run import fingerprints, prints
from mopsnb.run.fingerprints import describe_changes, find_same_steps, take_inputs
from mopsnb.run.plan import make_plan
from mopsnb.run.prints import Print
from mopsnb.run.request import RunRequest
from mopsnb.steps import Step

READS_DEALS = Step("typed", "measure", "Typed", "?", needs=("deal",))
READS_SPEND = Step("ok", "measure", "Ok", "?", needs=("ad_daily",), uses=("campaign",))


@pytest.fixture
def request_(tmp_path: Path) -> RunRequest:
    workspace = make_workspace(tmp_path / "team", data=True)
    (workspace / "data" / "deal.csv").write_text("deal_id,stage\n1,won\n")
    asked = make_request(tmp_path, "typed", "ok", workspace=str(workspace), parameters=("typed.code=1",))
    return replace(asked, steps=(READS_DEALS, READS_SPEND))


def keep(request: RunRequest, facts: str = "facts") -> dict:
    inputs = take_inputs(make_plan(request))
    inputs.facts = facts
    return inputs.settle()


def list_changes(request: RunRequest, kept: dict, as_of: str = "2026-01-31") -> list[str]:
    return list(describe_changes(take_inputs(make_plan(request)), kept, as_of))


def list_same(request: RunRequest, kept: dict, facts: str = "facts") -> set[str]:
    inputs = take_inputs(make_plan(request))
    inputs.facts = facts
    return find_same_steps(inputs, kept)


def write(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        before = path.stat() if path.exists() else None
        path.write_text(text)
        if before:  # the size may be the same, and so may the time: a copy that keeps times does that
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return change


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def replace_file(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        fresh = folder / f"{name}.new"
        fresh.write_text(text)
        os.utime(fresh, ns=((folder / name).stat().st_atime_ns, (folder / name).stat().st_mtime_ns))
        fresh.replace(folder / name)

    return change


SAME_SIZE = SPEND.replace("10.50", "10.51")
BOTH, DEALS, SPENDS = {"typed", "ok"}, {"typed"}, {"ok"}


@pytest.mark.parametrize(
    ("change", "words", "left"),
    [
        (write("team/data/ad_daily.csv", SAME_SIZE), ["data/ad_daily.csv"], DEALS),
        (replace_file("team/data/ad_daily.csv", SAME_SIZE), ["data/ad_daily.csv"], DEALS),
        (write("team/data/deal.csv", "deal_id,stage\n1,lost\n"), ["data/deal.csv"], SPENDS),
        (remove("team/data/deal.csv"), ["data/deal.csv is gone"], SPENDS),
        (write("team/data/campaign.csv", "campaign_id,name\n"), ["data/campaign.csv is new"], DEALS),
        (write("team/data/fx_rate.csv", "date,currency,rate_to_base\n"), ["data/fx_rate.csv is new"], set()),
        (write("team/data/task.csv", "task_id,name\n"), ["data/task.csv is new"], BOTH),
        (write("team/strategy.yml", STRATEGY.replace("Test", "Best")), ["strategy.yml"], set()),
        (write("notebooks/measure/ok.ipynb", "{}"), ["the notebook of ok"], DEALS),
    ],
    ids=lambda item: item[0] if isinstance(item, list) else "",
)
def test_a_changed_file_is_noticed_by_the_steps_that_rest_on_it(
    tmp_path: Path, request_: RunRequest, change: Callable[[Path], None], words: list[str], left: set[str]
) -> None:
    kept = keep(request_)
    assert list_changes(request_, kept) == []
    assert list_same(request_, kept) == BOTH
    change(tmp_path)
    asked = request_ if "notebook" not in words[0] else replace(request_, parameters=("typed.code=1",))
    assert list_changes(asked, kept) == words
    assert list_same(asked, kept) == left


@pytest.mark.parametrize("name", ["team/data/task.csv", "team/metrics.yml"])
def test_a_step_with_the_metrics_of_goals_rests_on_every_table_and_on_own_definitions(
    tmp_path: Path, request_: RunRequest, name: str
) -> None:
    asked = replace(request_, steps=tuple(replace(step, any_metric=step.slug == "ok") for step in request_.steps))
    kept = keep(asked)
    write(name, "task_id,name\n")(tmp_path)
    assert list_changes(asked, kept) == [f"{name.removeprefix('team/')} is new"]
    assert list_same(asked, kept) == DEALS


@pytest.mark.parametrize(
    ("options", "words", "left"),
    [
        ({"parameters": ("typed.code=2",)}, ["the parameters of typed"], SPENDS),
        ({"parameters": ()}, ["the parameters of typed"], SPENDS),
        ({"parameters": ("typed.code=1", "typed.months=6")}, ["the parameters of typed"], SPENDS),
        ({"as_of": "2026-01-30"}, ["the day asked for (--as-of)"], BOTH),  # the facts tell the steps
        ({"gate": "error"}, ["the data gate"], set()),
    ],
)
def test_a_changed_request_is_noticed(request_: RunRequest, options: dict, words: list[str], left: set[str]) -> None:
    kept = keep(request_)
    asked = replace(request_, **options)
    assert list_changes(asked, kept) == words
    assert list_same(asked, kept) == left


def test_a_default_that_is_given_is_no_change(request_: RunRequest) -> None:
    kept = keep(replace(request_, parameters=()))
    default = next(item for item in make_plan(request_).declared["typed"] if item.name == "months").default
    assert list_changes(replace(request_, parameters=(f"typed.months={default}",)), kept) == []


def test_the_day_that_the_data_led_to_may_be_asked_for(request_: RunRequest) -> None:
    kept = keep(request_)
    assert list_changes(replace(request_, as_of="2026-01-31"), kept) == []
    explicit = keep(replace(request_, as_of="2026-01-31"))
    assert list_changes(request_, explicit) == ["the day asked for (--as-of)"]  # the data may go further now


def test_other_facts_of_the_data_concern_every_step(request_: RunRequest) -> None:
    kept = keep(request_)
    assert list_same(request_, kept, facts="other") == set()
    assert list_same(request_, kept, facts="") == set()
    assert list_same(request_, kept | {"facts": ""}, facts="") == set()


def test_another_version_of_a_library_is_noticed(request_: RunRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keep(request_)
    libraries = [item.replace("pandas ", "pandas 99.") for item in take_inputs(make_plan(request_)).libraries]
    monkeypatch.setattr(fingerprints, "_list_libraries", lambda: libraries)
    changes = list_changes(request_, kept)
    assert len(changes) == 1
    assert "pandas 99." in changes[0]
    assert list_same(request_, kept) == set()


def test_every_library_that_makes_figures_is_watched() -> None:
    found = dict(item.rsplit(" ", 1) for item in fingerprints._list_libraries())
    assert set(found) == fingerprints.LIBRARIES | {"mopsnb", "python"}
    assert found["pandas"] == version("pandas")
    assert found["vl-convert-python"] == version("vl-convert-python")


def test_an_edit_of_the_program_or_its_templates_is_noticed(
    tmp_path: Path, request_: RunRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = dict(fingerprints._list_program())
    assert {"mopsnb/run/runner.py", "mopsnb/data/metrics.yml", "report/site.css"} <= set(names)
    copy = tmp_path / "module.py"
    copy.write_text("a = 1")
    monkeypatch.setattr(fingerprints, "_list_program", lambda: [("mopsnb/module.py", str(copy))])
    kept = keep(request_)
    copy.write_text("a = 2")
    assert list_changes(request_, kept) == ["mopsnb itself"]
    assert list_same(request_, kept) == set()


@pytest.mark.parametrize("how", ["touched", "copied", "chmod"])
def test_a_file_with_the_same_bytes_is_no_change(tmp_path: Path, request_: RunRequest, how: str) -> None:
    path = tmp_path / "team" / "data" / "ad_daily.csv"
    kept = keep(request_)
    if how == "touched":
        os.utime(path, ns=(1, 1))
    elif how == "copied":
        replace_file("team/data/ad_daily.csv", SPEND)(tmp_path)
    else:
        path.chmod(0o600)
    assert list_changes(request_, kept) == []
    assert list_same(request_, kept) == BOTH


@pytest.mark.parametrize("name", [".DS_Store", "~$deal.xlsx", "README.md"])
def test_files_that_no_notebook_hears_of_do_not_count(tmp_path: Path, request_: RunRequest, name: str) -> None:
    kept = keep(request_)
    (tmp_path / "team" / "data" / name).write_text("x")
    assert list_changes(request_, kept) == []


@pytest.mark.parametrize("kept", [{}, {"schema_version": 0}])
def test_an_earlier_version_kept_nothing_to_compare_with(request_: RunRequest, kept: dict) -> None:
    assert list_changes(request_, kept) == ["the earlier run kept nothing to compare with"]
    assert list_same(request_, kept) == set()


def test_a_file_that_changes_during_a_run_counts_as_changed(tmp_path: Path, request_: RunRequest) -> None:
    inputs = take_inputs(make_plan(request_))
    inputs.files["data/deal.csv"].digest  # noqa: B018 - read early, as a run does
    (tmp_path / "team" / "data" / "deal.csv").write_text("deal_id,stage\n1,open\n")
    assert inputs.settle()["files"]["data/deal.csv"] == {"mark": "", "digest": ""}
    assert list_changes(request_, inputs.settle()) == ["data/deal.csv"]


# --- prints -----------------------------------------------------------------------------------------------------------


def test_a_file_that_looks_the_same_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x")
    monkeypatch.setattr(prints, "SETTLED", -time.time_ns())
    kept = Print.take({"large": path}).settle()
    monkeypatch.setattr(prints, "_digest_file", None)
    assert Print.take({"large": path}).is_same(kept)


def test_a_file_that_was_changed_a_moment_ago_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "fresh"
    path.write_bytes(b"x")
    kept = Print.take({"fresh": path}).settle()
    assert kept["mark"] == ""
    assert Print.take({"fresh": path}).is_same(kept)


@given(before=st.binary(max_size=40), after=st.binary(max_size=40), keeps_times=st.booleans())
def test_contents_decide(tmp_path_factory: pytest.TempPathFactory, before: bytes, after: bytes, keeps_times) -> None:
    path = tmp_path_factory.mktemp("prints") / "table.csv"
    path.write_bytes(before)
    times = path.stat()
    kept = Print.take({"table.csv": path}).settle()
    path.write_bytes(after)
    if keeps_times:
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert Print.take({"table.csv": path}).is_same(kept) == (before == after)


@given(st.lists(st.binary(max_size=5), min_size=2, max_size=4), st.data())
def test_several_files_that_count_as_one_notice_each(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("prints")
    paths = {str(at): folder / str(at) for at in range(len(contents))}
    for path, content in zip(paths.values(), contents):
        path.write_bytes(content)
    kept = Print.take(paths).settle()
    at = data.draw(st.sampled_from(sorted(paths)))
    paths[at].write_bytes(b"other than all" + contents[int(at)])
    assert not Print.take(paths).is_same(kept)
    assert not Print.take({name: path for name, path in paths.items() if name != at}).is_same(kept)


def test_a_run_on_a_database_is_never_like_an_earlier_one(request_: RunRequest) -> None:
    kept = keep(request_, facts=fingerprints.DATABASE)
    assert list_changes(request_, kept) == ["the database, whose data may be others by now"]
    assert list_same(request_, kept, facts=fingerprints.DATABASE) == set()
