"""A larger sample has more blocks of the same size, so memory does not grow with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from mopsnb.sample import ads, generate
from mopsnb.sample.block import run_block
from mopsnb.sample.contacts import BLOCKS, CAPACITY
from mopsnb.sample.programs import build_plan

# The peak of the program alone: ru_maxrss would begin with what the tests' own process held when it started this one.
MEASURE = """
import json, re, sys
from pathlib import Path
from mopsnb.sample import generate
rows = generate(Path(sys.argv[1]), scale=int(sys.argv[2]))["rows"]
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(json.dumps({"rows": rows["email_event"], "kilobytes": int(peak)}))
"""
needs_soak = pytest.mark.skipif("MOPSNB_SOAK" not in os.environ, reason="the long form of a test, run by make soak")


@pytest.mark.parametrize("scale", [1, 40, 1_000])
def test_a_block_is_as_large_at_any_scale(scale: int) -> None:
    plan = build_plan()
    spending = ads.generate_ads(plan, 7, scale)
    blocks = BLOCKS * scale
    for number in (0, blocks - 1):
        block = run_block(plan, spending, 7, (number, blocks))
        assert 2_000 < len(block.contacts) < 2_600
        assert len(block.contacts) + 100 < CAPACITY
        assert block.contact_ids[0].as_py() == f"C{number * CAPACITY:08d}"
        assert 40_000 < len(block.emails.when) < 75_000


def test_spend_and_conversions_grow_with_the_scale_and_rows_do_not() -> None:
    plan = build_plan()
    one, forty = ads.generate_ads(plan, 7, 1), ads.generate_ads(plan, 7, 40)
    assert forty.spend.shape == one.spend.shape
    assert np.allclose(forty.spend, one.spend * 40, atol=40 * 0.01)
    assert forty.conversions.sum() == pytest.approx(40 * one.conversions.sum(), rel=0.01)
    assert forty.clicks.sum() == pytest.approx(40 * one.clicks.sum(), rel=0.02)


@pytest.mark.slow
def test_twice_the_scale_has_twice_the_contacts_events_and_deals(sample, tmp_path: Path) -> None:
    truth = generate(tmp_path / "sample", scale=2)
    ours, theirs = truth["rows"], sample.truth["rows"]
    for name in ("account", "contact", "email_event", "deal", "touchpoint", "lead_activity", "stage_event"):
        assert ours[name] == pytest.approx(2 * theirs[name], rel=0.04), name
    for name in ("ad_daily", "campaign", "task", "budget_plan", "spend_actual"):
        assert ours[name] == theirs[name], name
    curve = truth["channel_response"]["channels"]["display"]
    assert curve["saturation"] == 2 * sample.truth["channel_response"]["channels"]["display"]["saturation"]
    ids = pq.read_table(tmp_path / "sample" / "data" / "contact.parquet", columns=["contact_id"])["contact_id"]
    assert len(set(ids.to_pylist())) == len(ids)


@pytest.mark.soak
@needs_soak
def test_peak_memory_is_flat_from_scale_2_to_scale_40(tmp_path: Path) -> None:
    def measure(scale: int) -> dict[str, int]:
        command = [sys.executable, "-c", MEASURE, str(tmp_path / f"at-{scale}"), str(scale)]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    small, large = measure(2), measure(40)
    assert large["rows"] > 19 * small["rows"]
    assert large["kilobytes"] < 1.25 * small["kilobytes"]
    assert large["kilobytes"] < 600_000
