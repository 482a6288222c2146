"""Private folders that killed runs left behind."""

from __future__ import annotations

from pathlib import Path

from mopsnb.run.sweeping import claim, sweep


def test_the_folder_of_a_process_that_is_gone_goes_and_others_stay(tmp_path: Path) -> None:
    for name in ("mopsnb-own", "mopsnb-gone", "mopsnb-reused", "mopsnb-elsewhere", "mopsnb-unclaimed", "other-gone"):
        (tmp_path / name).mkdir()
    for name in ("mopsnb-own", "mopsnb-gone", "mopsnb-reused", "mopsnb-elsewhere", "other-gone"):
        claim(tmp_path / name)
    host, pid, process = (tmp_path / "mopsnb-own" / "owner").read_text().splitlines()
    (tmp_path / "mopsnb-gone" / "owner").write_text(f"{host}\n{2**30}\n{process}\n")
    (tmp_path / "mopsnb-reused" / "owner").write_text(f"{host}\n{pid}\nsomebody before\n")
    (tmp_path / "mopsnb-elsewhere" / "owner").write_text(f"elsewhere\n{2**30}\n{process}\n")
    (tmp_path / "other-gone" / "owner").write_text(f"{host}\n{2**30}\n{process}\n")
    sweep(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"mopsnb-own", "mopsnb-elsewhere", "mopsnb-unclaimed", "other-gone"}


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    claim(tmp_path / "kept")
    (tmp_path / "kept" / "owner").write_text("x\n1\ny\n")
    (tmp_path / "mopsnb-link").symlink_to(tmp_path / "kept", target_is_directory=True)
    sweep(tmp_path)
    assert (tmp_path / "kept" / "owner").is_file()
