"""A file of a gigabyte: memory under a gigabyte, exact totals, and a bar on a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import add_up, bring_in, make_workspace, write

SOAK = bool(os.environ.get("MOPSNB_SOAK"))
SIZE = 1_000_000_000 if SOAK else 4_000_000
LIMIT = 1_000_000_000
# Linux hands a process's peak down to its children, so that the one of this process's own memory is read where it is.
MEASURE = """
import pathlib, re, resource, sys
sys.argv = ["mopsnb", "import", sys.argv[1], "--into", sys.argv[2], "--json"]
from mopsnb.cli import main
try:
    main()
except SystemExit as ended:
    own = pathlib.Path("/proc/self/status")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if own.is_file():
        peak = int(re.search(r"VmHWM:\\s+(\\d+)", own.read_text())[1]) * 1024
    print(peak, file=sys.stderr)
    raise SystemExit(ended.code)
"""


def write_large(path: Path, size: int) -> dict[str, Decimal]:
    """Write a Google Ads report of about so many bytes, and return its totals."""
    totals = {"spend": 0, "clicks": 0, "impressions": 0, "conversions": 0}
    with path.open("w", encoding="utf-8") as file:
        file.write("Campaign report\nDay,Campaign ID,Campaign,Currency code,Impr.,Clicks,Cost,Conversions\n")
        written = campaign = 0
        while written < size:
            campaign += 1
            lines = []
            for at in range(1_000):
                cents, clicks = (campaign * 7919 + at * 104_729) % 5_000_000, (campaign + at) % 1_500
                day = f"{2021 + at // 360}-{at // 30 % 12 + 1:02}-{at % 30 % 28 + 1:02}"
                name = f"Search | Brand and generic terms | Region {campaign:06} | Part {at}"
                figures = f'"{clicks * 17:,}","{clicks:,}","{cents / 100:,.2f}",{at % 7}.00'
                lines.append(f'{day},{campaign}{at:04},"{name}",EUR,{figures}\n')
                totals["spend"] += cents
                totals["clicks"] += clicks
                totals["impressions"] += clicks * 17
                totals["conversions"] += at % 7
            text = "".join(lines)
            written += len(text)
            file.write(text)
        total = [f"{totals['impressions']:,}", f"{totals['clicks']:,}", f"{totals['spend'] / 100:,.2f}"]
        file.write(f'Total: Account,,,EUR,"{total[0]}","{total[1]}","{total[2]}",{totals["conversions"]}.00\n')
    return {name: Decimal(value) / (100 if name == "spend" else 1) for name, value in totals.items()}


@pytest.mark.slow
@pytest.mark.tenth
def test_a_large_file_needs_little_memory_and_gives_exact_totals(tmp_path: Path) -> None:
    expected = write_large(tmp_path / "large.csv", SIZE)
    team = make_workspace(tmp_path / "team")
    for _ in range(2):  # the second time every row is compared with one that is there
        run = subprocess.run(
            [sys.executable, "-c", MEASURE, str(tmp_path / "large.csv"), str(team)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert int(run.stderr.splitlines()[-1]) < LIMIT
        assert add_up(team) == expected
    assert json.loads(run.stdout)["tables"]["ad_daily"]["changed"] is False


@pytest.mark.slow
def test_rows_that_were_read_do_not_stay_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With small batches, a file of three times the size needs no more of Python's memory."""
    for name, size in (
        ("conversion.BATCH", 500),
        ("evidence.BATCH", 500),
        ("records._BATCH", 500),
        ("cells.LIMIT", 500),
        ("evidence._REMEMBERED", 500),
        ("sorting._REMEMBERED", 500),
        ("layout._BLOCK", 10_000),
    ):
        monkeypatch.setattr(f"mopsnb.data.importing.{name}", size)
    write_large(tmp_path / "warm.csv", 100_000)
    bring_in(tmp_path / "warm", tmp_path / "warm.csv")
    peaks = []
    for number, size in enumerate((200_000, 600_000)):
        write_large(tmp_path / f"{number}.csv", size)
        tracemalloc.start()
        bring_in(tmp_path / f"team{number}", tmp_path / f"{number}.csv")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_progress_is_told_in_bytes_up_to_the_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mopsnb.data.importing.importer import import_files
    from mopsnb.data.importing.request import ImportRequest

    monkeypatch.setattr("mopsnb.data.importing.records._BATCH", 1_000)
    text = "Task ID,Name,Section/Column\n" + "".join(f"{at},Task {at},x\n" for at in range(2_500))
    path = write(tmp_path, "tasks.csv", text)
    told: list[tuple[str, int, int]] = []
    team = make_workspace(tmp_path / "team")
    import_files(ImportRequest((path,), team), lambda title, done, size: told.append((title, done, size)))
    for title in ("Reading tasks.csv", "Converting tasks.csv"):
        steps = [done for name, done, _ in told if name == title]
        assert len(steps) >= 3
        assert steps == sorted(steps)
        assert steps[-1] == path.stat().st_size


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a matter of Unix")
def test_the_bar_is_shown_on_a_terminal(tmp_path: Path) -> None:
    text = "Task ID,Name,Section/Column\n" + "".join(f"{at},Task {at},x\n" for at in range(25_000))
    path = write(tmp_path, "tasks.csv", text)
    command = [sys.executable, "-m", "mopsnb", "import", str(path), "--into", str(make_workspace(tmp_path / "team"))]
    leader, follower = pty.openpty()
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=follower, check=True)
    os.close(follower)
    shown = os.read(leader, 100_000).decode(errors="replace")
    os.close(leader)
    assert "tasks.csv" in shown
    assert b"25,000 rows read" in run.stdout


def test_memory_of_a_small_import_is_not_the_test_of_the_large_one(tmp_path: Path) -> None:
    """The generator's totals are those of its rows, so that the large test compares two ways of adding up."""
    expected = write_large(tmp_path / "small.csv", 100_000)
    bring_in(tmp_path / "team", tmp_path / "small.csv")
    assert add_up(tmp_path / "team") == expected
