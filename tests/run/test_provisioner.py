"""A kernel that is forked is the same as a fresh one and shares nothing with another."""

from __future__ import annotations

import json
import os
import resource
import textwrap
from pathlib import Path

import pytest
from kernel_samples import STATE, SURROUNDINGS, fork, make_environment, start_kernel, start_server, wait_until

from mopsnb.run.forking import ForkServer, can_fork

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="kernels are not forked here"),
]

KEYS = [line.split('"')[1] for line in SURROUNDINGS.splitlines() if line.startswith('    "')]
LIBRARIES = ["decimal", "locale", "errors", "printing", "options", "warnings", "theme", "altair", "logging", "hooks"]


# --- the same as a fresh kernel ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def twins(server: ForkServer, folder: Path) -> dict[str, list]:
    """What a forked and a fresh kernel say of themselves."""
    answers: dict[str, list] = {}
    for code in (SURROUNDINGS, STATE):
        for warm in (True, False):
            with start_kernel(server, warm=warm, cwd=str(folder)) as kernel:
                assert kernel.is_forked == warm
                answer = json.dumps(kernel.ask(code)).replace(kernel.manager.connection_file, "connection file")
                for key, value in json.loads(answer).items():
                    answers.setdefault(key, []).append(value)
    return answers


@pytest.mark.parametrize("key", [key for key in KEYS if key != "open files"])
def test_a_forked_kernel_finds_the_surroundings_of_a_fresh_one(twins: dict[str, list], key: str) -> None:
    forked, fresh = twins[key]
    assert forked == fresh


def test_a_forked_kernel_holds_one_file_more_the_pipe_that_tells_it_of_its_clients_end(twins: dict[str, list]) -> None:
    forked, fresh = twins["open files"]
    assert forked | {"pipe": forked["pipe"] - 1} == fresh


@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_are_as_after_a_fresh_import(twins: dict[str, list], library: str) -> None:
    forked, fresh = twins[library]
    assert forked == fresh


def test_the_working_folder_and_the_environment_are_those_asked_for(server: ForkServer, folder: Path) -> None:
    environment = make_environment(JPY_SESSION_NAME="plan.ipynb")
    with fork(server, env=environment, cwd=str(folder)) as kernel:
        found = kernel.ask(SURROUNDINGS)
    assert found["folder"] == str(folder)
    assert found["environment"]["JPY_SESSION_NAME"] == "plan.ipynb"
    assert found["environment"]["JPY_PARENT_PID"] == str(os.getpid())


def test_limits_and_mask_are_those_of_the_moment_of_asking(server: ForkServer) -> None:
    before, mask = resource.getrlimit(resource.RLIMIT_NOFILE), os.umask(0o027)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[0] - 1, before[1]))
    try:
        with fork(server) as kernel:
            found = kernel.ask(SURROUNDINGS)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        os.umask(mask)
    assert found["limits"]["RLIMIT_NOFILE"] == [before[0] - 1, before[1]]
    assert "Umask:\t0027" in found["mask and signals"]


def test_what_a_process_prints_past_the_notebook_goes_where_it_should(server: ForkServer, folder: Path) -> None:
    target = folder / "printed.txt"
    with target.open("wb") as log, fork(server, stdout=log, stderr=log) as kernel:
        kernel.run("import sys\nsys.__stdout__.write('to the log\\n'); sys.__stdout__.flush()")
        wait_until(target.read_text)  # a thread of the kernel copies it, and the end of the kernel is its end
    assert target.read_text() == "to the log\n"


# --- nothing shared ---------------------------------------------------------------------------------------------------


def test_two_kernels_share_no_state(server: ForkServer) -> None:
    change = """
    import decimal, os, warnings, pandas, numpy
    from mopsnb import view
    view.use_theme("EUR", "de_DE")
    pandas.set_option("display.max_rows", 7)
    decimal.getcontext().prec = 5
    numpy.seterr(all="raise")
    warnings.simplefilter("error")
    os.environ["CHANGED"] = "yes"
    os.chdir("/")
    view.changed = True
    """
    with fork(server) as first, fork(server) as second:
        before = second.ask(STATE)
        first.run(textwrap.dedent(change))
        after = second.ask(STATE)
        assert first.ask(STATE) != before
        assert second.run(
            "import os; print('CHANGED' in os.environ, os.getcwd() == '/', hasattr(view, 'changed'))"
        ) == ("False False False\n")
    assert before["theme"] == after["theme"]
    assert {key: after[key] for key in LIBRARIES if key != "warnings"} == {
        key: before[key] for key in LIBRARIES if key != "warnings"
    }


def test_random_numbers_differ_between_kernels_and_follow_a_seed(server: ForkServer) -> None:
    draw = "import random, numpy; print([random.random(), numpy.random.rand(), numpy.random.default_rng().random()])"
    seed = "random.seed(3); numpy.random.seed(3); print(random.random(), numpy.random.rand())"
    with fork(server) as first, fork(server) as second, start_kernel(None, warm=False) as fresh:
        one, two = first.ask(draw), second.ask(draw)
        seeded = [kernel.run(f"import random, numpy; {seed}") for kernel in (first, second, fresh)]
    assert all(a != b for a, b in zip(one, two, strict=True))
    assert seeded[0] == seeded[1] == seeded[2]


def test_hashes_follow_the_environment() -> None:
    environment = make_environment(PYTHONHASHSEED="5")
    server = start_server(environment, modules=())
    try:
        with (
            fork(server, env=environment) as forked,
            start_kernel(None, warm=False, env=environment) as fresh,
        ):
            assert forked.run("print(hash('goals'))") == fresh.run("print(hash('goals'))")
    finally:
        server.close()


def test_libraries_that_use_threads_work_in_a_forked_kernel(server: ForkServer, folder: Path) -> None:
    code = f"""
    import duckdb, numpy, pandas, vl_convert
    frame = pandas.DataFrame({{"x": range(300_000)}})
    frame.to_parquet("{folder}/x.parquet")
    counted = duckdb.sql("SELECT sum(x) FROM read_parquet('{folder}/x.parquet')").fetchall()
    read = pandas.read_parquet("{folder}/x.parquet")["x"].sum()
    product = numpy.ones((700, 700)) @ numpy.ones((700, 700))
    svg = vl_convert.vegalite_to_svg({{"data": {{"values": [{{"a": 1}}]}}, "mark": "bar", "encoding": {{}}}})
    print(counted, read, product[0, 0], svg[:4])
    """
    with fork(server) as kernel:
        assert kernel.run(textwrap.dedent(code)) == "[(44999850000,)] 44999850000 700.0 <svg\n"
