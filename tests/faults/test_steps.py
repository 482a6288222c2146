"""One fault in one notebook: it has its own cause, exit code and page, and the others finish."""

from __future__ import annotations

from pathlib import Path

import pytest
from fault_samples import Lab, copy_lab

from mopsnb.run import memory
from mopsnb.run.request import RunOutcome
from mopsnb.steps import Step

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_server")]

KILL = "import os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)"
FULL = "import resource\n\nresource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))"  # writes fail as on a full disk
HUNGRY = "kept = []\nwhile True:\n    kept.append(bytearray(b'x' * 10_000_000))"
EARLY = 'from mopsnb.results import StepResult\n\nStepResult(step="early", question="?").save(results_dir)'
READING = "import mopsnb\n\nmopsnb.open(workspace, as_of=as_of).sql('SELECT * FROM deal')"
FAULTS = {
    "error": ("1 / 0", "cell", "ZeroDivisionError: division by zero"),
    "crash": ("import os, signal\n\nos.kill(os.getpid(), signal.SIGSEGV)", "kernel", "by SIGSEGV"),
    "gone": ("import os\n\nos._exit(7)", "kernel", "with code 7"),
    "exit": ("exit()", "kernel", "ended its own process"),
    "leave": ("raise SystemExit", "kernel", "ended its own process"),
    "memory": ("raise MemoryError", "memory", "ran out of memory"),
    "space": ("raise OSError(28, 'No space left on device')", "output", "No space left on device"),
}


@pytest.fixture(scope="module")
def mixed(good_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, RunOutcome]:
    """One run of every notebook whose cell fails, beside two that reach their end."""
    lab = copy_lab(good_lab, tmp_path_factory.mktemp("mixed"))
    for slug, (cell, _, _) in FAULTS.items():
        lab.write(slug, "print('so far', flush=True)", cell, "print('never')")
    lab.write("early", EARLY, "raise SystemExit(0)", "print('never')", saves=False)
    return lab, lab.run(*FAULTS, "early", "silent", "ok", "empty", jobs=3)


@pytest.mark.parametrize("slug", FAULTS)
def test_a_cell_that_fails_shows_its_cause_its_output_and_what_did_not_run(
    mixed: tuple[Lab, RunOutcome], slug: str
) -> None:
    lab, outcome = mixed
    cell, cause, text = FAULTS[slug]
    step = lab.check_step(outcome, slug, cause, cell=cell.splitlines()[-1])
    assert text in step.error
    page = lab.read_page(slug)
    assert "code cell 4 of 6." in page
    assert "2 cells after it did not run" in page
    assert "<code>print(&#39;never&#39;)</code>" in page


def test_where_several_steps_fail_the_most_serious_gives_the_exit_code(mixed: tuple[Lab, RunOutcome]) -> None:
    lab, outcome = mixed
    assert lab.check_step(outcome, "silent", "result")
    assert outcome.exit_code == 9
    assert outcome.record["findings"]["error"] == 1 + len(FAULTS) + 2
    lab.check_latest()


def test_a_notebook_that_ends_itself_after_it_saved_is_not_taken_for_complete(mixed: tuple[Lab, RunOutcome]) -> None:
    lab, outcome = mixed
    assert "sys.exit" in lab.check_step(outcome, "early", "kernel").error


def test_an_error_in_a_cell(lab: Lab) -> None:
    lab.check_failed(lab.run("broken", "ok"), "broken", "cell")


def test_a_process_that_is_killed(lab: Lab) -> None:
    lab.write("killed", "print('so far')", KILL)
    step = lab.check_failed(lab.run("killed", "ok"), "killed", "kernel", cell="os.kill(")
    assert "by SIGKILL" in step.error


def test_a_notebook_that_uses_more_memory_than_it_may_and_one_that_asks_for_it_at_once(lab: Lab) -> None:
    lab.write("hungry", "print('so far')", HUNGRY)
    lab.write("large", "import numpy\n\nnumpy.ones(10**9)")
    outcome = lab.run("hungry", "large", "ok", memory_limit=memory.parse_size("400MB"))
    hungry = lab.check_failed(outcome, "hungry", "memory", cell="kept = []")
    large = lab.check_step(outcome, "large", "memory", cell="numpy.ones(10**9)")
    assert hungry.error.endswith("of memory, and may use 400.0 MB.")
    assert "Unable to allocate 7.45 GiB" in large.error


def test_a_kill_that_the_system_counted_as_one_for_memory_is_told_from_others(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counter = tmp_path / "memory.events"
    counter.write_text("low 0\noom 1\noom_kill 1\n")
    monkeypatch.setattr(memory, "find_counters", lambda: {counter: "own"})
    lab.write("counted", f"from pathlib import Path\n\nPath({str(counter)!r}).write_text('oom_kill 2')", KILL)
    lab.check_failed(lab.run("counted", "ok"), "counted", "memory")


def test_a_cell_that_takes_too_long(lab: Lab) -> None:
    outcome = lab.run("slow", "ok", cell_timeout=3)
    step = lab.check_failed(outcome, "slow", "cell_deadline", cell="time.sleep(60)")
    assert step.error == "The notebook was stopped: a cell took longer than 3 seconds."


def test_a_notebook_that_takes_too_long(lab: Lab) -> None:
    lab.write("long", *["import time\n\ntime.sleep(1)"] * 8)
    outcome = lab.run("long", timeout=3, cell_timeout=60)
    step = lab.check_failed(outcome, "long", "notebook_deadline")
    assert step.error == "The notebook was stopped: it took longer than 3 seconds."


def test_results_that_cannot_be_saved(lab: Lab) -> None:
    lab.write("full", FULL)
    step = lab.check_failed(lab.run("full", "ok"), "full", "output", cell=".save(results_dir)")
    assert "Cannot write results to results: File too large." in step.error
    assert "are free on that disk" in step.error


def test_data_that_cannot_be_read(lab: Lab) -> None:
    (lab.workspace / "data" / "deal.parquet").write_bytes(b"PAR1 and then nothing")
    lab.write("reading", READING)
    step = lab.check_failed(lab.run("reading", "ok"), "reading", "input", cell="SELECT * FROM deal")
    assert "deal.parquet" in step.error


@pytest.mark.parametrize(("gate", "stops"), [("error", ["deals"]), ("warning", ["deals", "doubtful"])])
def test_the_data_gate_stops_steps_before_they_start_and_lists_what_to_correct(
    lab: Lab, gate: str, stops: list[str]
) -> None:
    (lab.workspace / "data" / "deal.csv").write_text("deal_id,stage,amount\n1,won,much\n")
    (lab.workspace / "data" / "email_event.csv").write_text(
        "event_id,contact_id,event_type,occurred_at\n1,a,sent,2026-01-30T10:00:00\n"  # no time zone: a warning
    )
    for slug in ("deals", "doubtful"):
        lab.write(slug, "print('began')")
    steps = (
        Step("deals", "measure", "Deals", "How many?", needs=("deal",)),
        Step("doubtful", "measure", "Doubtful", "When?", uses=("email_event",)),
        Step("ok", "measure", "Ok", "What?", needs=("ad_daily",)),
    )
    outcome = lab.run(steps=steps, gate=gate)
    assert [step.step.slug for step in outcome.steps if step.status == "failed"] == stops
    for slug in stops:
        step = lab.check_step(outcome, slug, "gate")
        assert "It stopped before its first cell." in lab.read_page(slug)
    assert "data/deal.csv, amount" in outcome.steps[0].error
    assert outcome.exit_code == 5
    assert step.error.splitlines()[0].startswith("The data gate stopped this step before it started: ")
    lab.check_latest()
    lab.check_listed("failed")


def test_a_file_that_changes_under_a_step_that_passes_fails_it(lab: Lab) -> None:
    slug = lab.write("moved", "from pathlib import Path\n\nPath(workspace, 'strategy.yml').touch()")
    outcome = lab.run("ok", slug, jobs=1)
    step = lab.check_step(outcome, slug, "moved")
    assert step.error == "Files came, changed or went while the run was at work: strategy.yml."
    assert outcome.find_exit_code() == 3
    lab.check_latest()
