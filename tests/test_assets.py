"""Bundled folders are found in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from mopsnb import assets


@pytest.mark.parametrize("name", ["notebooks", "templates"])
def test_a_checkout_uses_its_own_folders(repository: Path, name: str) -> None:
    assert assets.folder(name) == repository / name


def test_an_installed_package_uses_the_copy_inside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "mopsnb" / "_bundle" / "data" / "samples"
    bundle.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("")  # of another project, beside an installed package
    monkeypatch.setattr(assets, "_PACKAGE", tmp_path / "mopsnb")
    assert not assets.is_checkout()
    assert assets.folder("data/samples") == bundle
    with pytest.raises(FileNotFoundError, match="lacks its folder 'notebooks'"):
        assets.folder("notebooks")
