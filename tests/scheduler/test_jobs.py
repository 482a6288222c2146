"""A notebook as a job of jupyter-scheduler, as the form "Create Notebook Job" of JupyterLab sends it.

``make scheduler`` runs this in an environment of its own: jupyter-scheduler is no dependency of the project.
"""

import json
import time
import urllib.request
from importlib.util import find_spec

import nbformat
import pandas as pd
import pytest
from lab_samples import TOKEN, list_errors, serve

from mopsnb.cli.lab import name_copy
from mopsnb.steps import STEPS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("jupyter_scheduler") is None, reason="jupyter-scheduler: make scheduler runs this"),
]
LIMIT = 180  # seconds for a job


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A JupyterLab with jupyter-scheduler on a copy of the sample, and the folder that the copy is in."""
    folder = tmp_path_factory.mktemp("jobs")
    with serve(folder) as address:
        yield address, folder / "lab"


def ask(address, path, payload=None):
    """Return what the server answers."""
    body = json.dumps(payload).encode() if payload is not None else None
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}scheduler/{path}", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def run_job(address, path, **parameters):
    """Send a notebook with parameters, wait for the end, and return what the server says of the job."""
    place = ask(address, "runtime_environments")[0]["name"]
    job = {"name": "Our job", "input_uri": path, "runtime_environment_name": place}
    job |= {"output_formats": ["ipynb", "html"], "parameters": parameters}
    number = ask(address, "jobs", job)["job_id"]
    end = time.monotonic() + LIMIT
    while True:
        found = ask(address, f"jobs/{number}")
        if found["status"] in ("COMPLETED", "FAILED"):  # a job that has not begun yet is called STOPPED
            return found
        assert time.monotonic() < end, found
        time.sleep(1)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_a_notebook_runs_as_a_job_with_parameters_and_leaves_its_output_files(server, step, tmp_path):
    """The job ends well, its notebook holds the parameters and no error, and the result is kept where it was asked."""
    address, folder = server
    name = name_copy(STEPS.index(step) + 1, step)
    given = {"workspace": repr(str(folder)), "results_dir": repr(str(tmp_path))}
    given |= {"months": "6"} if step.slug == "budget_pacing" else {}
    job = run_job(address, f"notebooks/{name}", **given)
    assert (job["status"], job.get("status_message")) == ("COMPLETED", None)
    ask_files(address, job["job_id"])
    made = {file["file_format"]: folder / file["file_path"] for file in ask_job(address, job)["job_files"]
            if file["file_path"]}  # fmt: skip
    notebook = nbformat.read(made["ipynb"], as_version=4)
    assert list_errors(notebook) == []
    assert any("injected-parameters" in cell.metadata.get("tags", []) for cell in notebook.cells)
    assert step.question.replace("'", "&#39;") in made["html"].read_text(encoding="utf-8")
    result = json.loads((tmp_path / f"{step.slug}.json").read_text(encoding="utf-8"))
    assert result["status"] == "ok"
    if step.slug == "budget_pacing":
        assert len(pd.read_parquet(tmp_path / "budget_pacing" / "areas.parquet")) > 0


def ask_files(address, number):
    """Have the server put a finished job's files into its folder, as the button "Download" does."""
    ask(address, f"jobs/{number}/download_files")


def ask_job(address, job):
    """Return a job once its files are there."""
    end = time.monotonic() + LIMIT
    while True:
        found = ask(address, f"jobs/{job['job_id']}")
        if found["downloaded"]:
            return found
        assert time.monotonic() < end, found
        time.sleep(1)


def test_without_a_workspace_a_job_fails_with_the_sentence_that_says_why(server):
    """A job runs in a folder of its own, so that the copy's own workspace ".." leads nowhere."""
    address, _ = server
    job = run_job(address, f"notebooks/{name_copy(2, STEPS[1])}")
    assert job["status"] == "FAILED"
    assert "has no strategy.yml" in job["status_message"]
