"""The bundled sample is what its generator writes, and the generator behaves as its docstring says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from mopsnb.errors import OutputError, UsageError
from mopsnb.sample import generate, generation, writing
from tests.sample.conftest import Company

pytestmark = pytest.mark.slow

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The same sample, generated anew."""
    folder = tmp_path_factory.mktemp("again") / "sample"
    generate(folder)
    return Company(folder)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A sample of another seed."""
    folder = tmp_path_factory.mktemp("other") / "sample"
    generate(folder, seed=8)
    return Company(folder)


@pytest.mark.slow
def test_the_bundled_sample_is_regenerated_value_for_value(sample: Company, again: Company) -> None:
    assert again.names == sample.names
    for name in sample.names:
        assert_frame_equal(again.table(name), sample.table(name), obj=name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["strategy.yml", "truth.json", "README.md"])
def test_the_bundled_texts_are_regenerated_byte_for_byte(sample: Company, again: Company, name: str) -> None:
    assert (again.folder / name).read_bytes() == (sample.folder / name).read_bytes()


@pytest.mark.slow
def test_another_seed_gives_another_company_of_the_same_shape(sample: Company, other: Company) -> None:
    assert other.names == sample.names
    for name in ("contact", "email_event", "ad_daily", "deal", "spend_actual", "web_daily", "service_event"):
        ours, theirs = sample.table(name), other.table(name)
        assert list(ours.columns) == list(theirs.columns)
        assert not ours.equals(theirs)
        assert 0.85 < len(theirs) / len(ours) < 1.15
    assert other.truth["channel_response"] == sample.truth["channel_response"]
    assert other.truth["monthly"] != sample.truth["monthly"]


def test_the_bundled_sample_holds_at_most_fifteen_megabytes(sample: Company) -> None:
    size = sum(path.stat().st_size for path in sample.folder.rglob("*") if path.is_file() and "runs" not in path.parts)
    assert size <= 15 * MEGABYTE


def test_the_bundled_sample_has_about_twelve_thousand_contacts_and_three_hundred_thousand_email_events(
    sample: Company,
) -> None:
    assert 11_000 <= len(sample.table("contact")) <= 13_500
    assert 250_000 <= len(sample.table("email_event")) <= 350_000


def test_the_truth_counts_the_rows_of_every_table(sample: Company) -> None:
    assert sample.truth["rows"] == {name: len(sample.table(name)) for name in sample.names}


class FastBlocks:
    """Replaces the blocks, so that tests of the frame around them are quick; records which were asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.numbers: list[int] = []
        monkeypatch.setattr(generation, "_add_block", self._note)
        monkeypatch.setattr(generation, "set_figures", lambda ledger: {})
        monkeypatch.setattr(generation, "describe_truth", lambda *parts: {})
        monkeypatch.setattr(generation, "write_strategy", lambda figures: "version: 1\n")

    def _note(self, tables: object, totals: object, job: object, number: int) -> None:
        self.numbers.append(number)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> FastBlocks:
    return FastBlocks(monkeypatch)


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path, fast: FastBlocks) -> None:
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not a sample"):
        generate(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
    assert fast.numbers == []


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, fast: FastBlocks) -> None:
    (tmp_path / "sample").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not a sample"):
        generate(tmp_path / "sample")


def test_an_earlier_sample_is_replaced_and_its_runs_are_kept(tmp_path: Path, fast: FastBlocks) -> None:
    generate(tmp_path / "sample")
    (tmp_path / "sample" / "data" / "old.csv").write_text("a\n", encoding="utf-8")
    (tmp_path / "sample" / "runs").mkdir()
    generate(tmp_path / "sample")
    assert not (tmp_path / "sample" / "data" / "old.csv").exists()
    assert (tmp_path / "sample" / "runs").is_dir()


def test_a_failure_leaves_the_earlier_sample_and_no_half_written_folder(
    tmp_path: Path, fast: FastBlocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(tmp_path / "sample")
    before = (tmp_path / "sample" / "truth.json").read_bytes()

    def fail(*parts: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(generation, "_add_block", fail)
    with pytest.raises(OutputError, match="No space left on device"):
        generate(tmp_path / "sample")
    assert (tmp_path / "sample" / "truth.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]


@pytest.mark.parametrize(("seed", "scale"), [(7, 0), (-1, 1)])
def test_a_scale_below_one_and_a_negative_seed_are_refused(tmp_path: Path, seed: int, scale: int) -> None:
    with pytest.raises(UsageError):
        generate(tmp_path / "sample", seed=seed, scale=scale)
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_after_each_block_and_a_scale_has_that_many_times_the_blocks(
    tmp_path: Path, fast: FastBlocks
) -> None:
    told: list[tuple[int, int]] = []
    generate(tmp_path / "sample", scale=3, progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 18) for done in range(1, 19)]
    assert fast.numbers == list(range(18))


def test_parts_of_a_table_are_held_up_to_a_limit_and_then_written(tmp_path: Path) -> None:
    tables = writing.Tables(tmp_path)
    part = writing.pa.table({"contact_id": [f"C{i}" for i in range(writing.ROWS_TO_HOLD // 2 - 1)]})
    for _ in range(7):
        tables.append("contact", part)
        assert sum(held.num_rows for held in tables._held.get("contact", [])) < writing.ROWS_TO_HOLD
    tables.close()
    assert len(pd.read_parquet(tmp_path / "contact.parquet")) == 7 * part.num_rows == tables.rows["contact"]


def test_streams_of_different_subjects_and_blocks_are_independent_and_repeatable() -> None:
    from mopsnb.sample.streams import stream

    draws = [tuple(stream(7, subject, block).integers(0, 2**62, 4)) for subject in ("ads", "email") for block in (0, 1)]
    assert len(set(draws)) == 4
    assert np.array_equal(stream(7, "ads", 1).random(5), stream(7, "ads", 1).random(5))
