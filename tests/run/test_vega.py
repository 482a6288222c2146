"""The chart script: built once, cached, and never in the way of a report."""

import pytest

from mopsnb.run import vega

pytestmark = pytest.mark.slow

SCRIPT = f"window.vegaEmbed = () => {{}};\n{vega.END}"


@pytest.fixture
def builds(monkeypatch, tmp_path):
    """Count how often the bundle is built; the cache is a fresh folder."""
    count = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(vega, "build_bundle", lambda: count.append(1) or SCRIPT)
    return count


def test_second_site_copies_what_the_first_one_built(builds, tmp_path):
    names = set()
    for site in ("one", "two"):
        (tmp_path / site).mkdir()
        names.add(vega.write_bundle(tmp_path / site))
    [name] = names
    assert len(builds) == 1
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() == SCRIPT.encode()


def test_file_name_follows_the_content(builds, monkeypatch, tmp_path):
    first = vega.write_bundle(tmp_path)
    (tmp_path / "cache" / "mopsnb").rename(tmp_path / "old")
    monkeypatch.setattr(vega, "build_bundle", lambda: f"other();\n{vega.END}")
    assert vega.write_bundle(tmp_path) != first


def test_cache_that_cannot_be_written_costs_only_time(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(vega, "build_bundle", lambda: SCRIPT)
    assert vega.read_bundle() == SCRIPT


def test_cached_file_that_was_cut_short_is_built_again(builds):
    vega.read_bundle()
    [cached] = vega.find_cache().iterdir()
    cached.write_text(SCRIPT[:10])
    assert vega.read_bundle() == SCRIPT
    assert len(builds) == 2
    assert cached.read_text() == SCRIPT


def test_no_half_written_file_stays_behind(builds, tmp_path):
    (tmp_path / "assets").mkdir()
    vega.write_bundle(tmp_path / "assets")
    files = [*(tmp_path / "assets").iterdir(), *vega.find_cache().iterdir()]
    assert [path.suffix for path in files] == [".js", ".js"]


def test_person_without_a_home_still_gets_a_report(monkeypatch):
    def fail():
        raise RuntimeError("no home")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(vega.Path, "home", fail)
    monkeypatch.setattr(vega, "build_bundle", lambda: SCRIPT)
    assert vega.find_cache() is None
    assert vega.read_bundle() == SCRIPT


def test_bundle_defines_what_the_pages_call_and_leaks_nothing_else():
    script = vega.build_bundle()
    assert "window.vegaEmbed=" in script
    assert script.startswith('"use strict";\n(() => {')
    assert "</script" not in script
