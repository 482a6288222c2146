"""A report on a database beside the same report on the same data in files."""

import json
import os
import subprocess
import sys

import pandas as pd
import pytest

import mopsnb
from mopsnb.steps import STEPS

SLUGS = [step.slug for step in STEPS]


def make_team(folder, repository, data):
    strategy = (repository / "data" / "samples" / "strategy.yml").read_text(encoding="utf-8")
    folder.mkdir()
    (folder / "strategy.yml").write_text(f"{strategy}\n{data}\n", encoding="utf-8")
    return folder


def report(workspace, out, address, *steps):
    """Make a report in a process of its own, as a schedule does, and return what it printed."""
    command = [sys.executable, "-m", "mopsnb", "run", str(workspace), "--out", str(out)]
    command += ["--steps", ",".join(steps)] if steps else []
    done = subprocess.run(
        command, env=os.environ | {"MOPSNB_SECRET_COMPANY": address}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def compare(found, expected, slugs):
    """Fail unless two reports hold the same results: the same words, and numbers to nine digits."""
    for slug in slugs:
        one, other = (json.loads((site / "results" / f"{slug}.json").read_text()) for site in (found, expected))
        check_same(one, other, slug)
        assert other["status"] == "ok"
        for path in sorted((expected / "results" / slug).glob("*.parquet")):
            frames = [pd.read_parquet(site / "results" / slug / path.name) for site in (found, expected)]
            pd.testing.assert_frame_equal(*frames, rtol=1e-9, atol=1e-9, obj=f"{slug}/{path.name}")


def check_same(one, other, where):
    if isinstance(other, float) and isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9, nan_ok=True), where
    elif isinstance(other, dict):
        assert list(one) == list(other), where
        for key in other:
            check_same(one[key], other[key], f"{where}.{key}")
    elif isinstance(other, list):
        assert len(one) == len(other), where
        for place, pair in enumerate(zip(one, other, strict=True)):
            check_same(*pair, f"{where}[{place}]")
    else:
        assert one == other, where


@pytest.mark.slow
def test_no_file_of_a_report_holds_anything_of_the_address(company, tmp_path, repository):
    """The notebook resolves the address inside the run, and the report names the secret at most."""
    team, address = make_team(tmp_path / "team", repository, "data: secret://company"), company.address("company")
    printed = report(team, tmp_path / "report", address, "budget_pacing")
    raw = b"".join(path.read_bytes() for path in sorted((tmp_path / "report").rglob("*")) if path.is_file())
    for part in (address, address.split("@")[0], address.split(":")[2].split("@")[0], f"127.0.0.1:{company.port}"):
        assert part not in printed
        assert part.encode() not in raw
    files = mopsnb.open("")
    result = json.loads((tmp_path / "report" / "results" / "budget_pacing.json").read_text())
    [total] = [item for item in result["headline"] if item["name"] == "spend_all_data"]
    spent = files.spend()
    assert total["value"] == pytest.approx(spent.loc[~spent["is_committed"], "amount"].sum(), rel=1e-9)


@pytest.mark.slow
def test_files_need_nothing_of_what_databases_need():
    """So a workspace with files opens as fast as before."""
    code = (
        "import sys, mopsnb; ws = mopsnb.open(''); ws.monthly(['ad_clicks']); ws.metric('ad_clicks', by='total'); "
        "print(sorted({'sqlalchemy', 'sqlglot', 'psycopg', 'pyspark'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.soak
def test_all_notebooks_say_the_same_on_a_database_as_on_files(company, tmp_path, repository):
    address = company.address("company")
    (tmp_path / "files").mkdir()
    team = make_team(tmp_path / "team", repository, "data: secret://company")
    twin = make_team(tmp_path / "twin", repository, "")
    (twin / "data").symlink_to(repository / "data" / "samples" / "data")
    report(team, tmp_path / "found", address)
    report(twin, tmp_path / "expected", address)
    compare(tmp_path / "found", tmp_path / "expected", SLUGS)
