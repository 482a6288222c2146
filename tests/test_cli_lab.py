"""``mopsnb lab`` opens copies, in the order of work, and never takes an analyst's changes away."""

import json
import os
import sys

import pytest
from cli_samples import Shell
from workspaces import write_workspace

from mopsnb.assets import folder
from mopsnb.cli import lab
from mopsnb.errors import UsageError, WorkspaceError
from mopsnb.steps import STEPS

NAMES = [lab.START, *(lab.name_copy(number, step) for number, step in enumerate(STEPS, start=1))]


def read(path):
    return path.read_text(encoding="utf-8")


def test_the_notebooks_are_numbered_in_the_order_of_the_framework(tmp_path):
    team = write_workspace(tmp_path / "team")
    laid = lab.lay_out(str(team))
    assert sorted(path.name for path in (team / "notebooks").glob("*.ipynb")) == NAMES
    assert laid.written == tuple(NAMES)
    assert [name.partition("-")[2] for name in NAMES[1:]] == [f"{step.slug}.ipynb" for step in STEPS]


def test_the_start_page_links_to_files_that_are_there(tmp_path):
    team = write_workspace(tmp_path / "team")
    lab.lay_out(str(team))
    text = "".join(json.loads(read(team / "notebooks" / lab.START))["cells"][0]["source"])
    for name, step in zip(NAMES[1:], STEPS, strict=True):
        assert f"[{step.title}]({name})" in text
        assert step.question in text


def test_a_second_call_keeps_an_analyst_s_changes_and_says_so(tmp_path):
    team = write_workspace(tmp_path / "team")
    lab.lay_out(str(team))
    mine = team / "notebooks" / NAMES[1]
    mine.write_text(read(mine).replace("# Goals", "# Our goals"), encoding="utf-8")
    (team / "notebooks" / "mine.ipynb").write_text("{}", encoding="utf-8")
    laid = lab.lay_out(str(team))
    assert "# Our goals" in read(mine)
    assert read(team / "notebooks" / "mine.ipynb") == "{}"
    assert (laid.written, laid.kept, laid.outdated) == ((), (NAMES[1],), ())
    assert f"You changed {NAMES[1]}: left as it is." in lab.describe(laid)


def test_a_newer_notebook_replaces_an_untouched_copy_and_no_changed_one(tmp_path, monkeypatch):
    team = write_workspace(tmp_path / "team")
    lab.lay_out(str(team))
    mine = team / "notebooks" / NAMES[1]
    mine.write_text(read(mine) + "\n", encoding="utf-8")
    texts = [(name, text.replace("Budget", "Money").replace("Goals", "Aims")) for name, text in lab._list_texts()]
    monkeypatch.setattr(lab, "_list_texts", lambda: texts)
    laid = lab.lay_out(str(team))
    assert NAMES[2] in laid.written
    assert "Money pacing" in read(team / "notebooks" / NAMES[2])
    assert laid.outdated == (NAMES[1],)
    assert "# Aims" not in read(mine)
    assert "newer version of" in lab.describe(laid)


def test_the_sample_is_copied_once_and_the_original_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sample = folder("data/samples")
    before = {path.name: path.stat().st_mtime_ns for path in sample.iterdir()}
    lab.lay_out()
    strategy = tmp_path / "lab" / "strategy.yml"
    strategy.write_text(read(strategy) + "# mine\n", encoding="utf-8")
    lab.lay_out()
    assert read(strategy).endswith("# mine\n")
    assert {path.name: path.stat().st_mtime_ns for path in sample.iterdir()} == before
    assert (tmp_path / "lab" / "schedule.yml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["lab"]


def test_a_folder_that_is_no_workspace_and_the_sample_itself_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkspaceError, match=r"has no strategy\.yml"):
        lab.lay_out(str(tmp_path))
    with pytest.raises(WorkspaceError, match="the sample that mopsnb brings along"):
        lab.lay_out(str(folder("data/samples")))
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="is no workspace"):
        lab.lay_out()
    assert [path.name for path in (tmp_path / "lab").iterdir()] == ["thesis.txt"]


@pytest.mark.slow
def test_jupyterlab_opens_the_start_page_with_the_options_given(tmp_path, monkeypatch, capsys):
    """All that is not ours goes to JupyterLab, behind our own options, so that a person's word counts."""
    seen = []
    monkeypatch.setattr(os, "name", "posix")
    monkeypatch.setattr(os, "execv", lambda program, command: seen.append((program, command)))
    monkeypatch.chdir(tmp_path)
    places = []
    monkeypatch.setattr(os, "chdir", places.append)
    team = write_workspace(tmp_path / "team")
    for words in (["team", "--port", "8890"], ["team", "--", "--port", "8890"]):
        Shell(monkeypatch, capsys)("lab", *words)
    assert len(seen) == 2
    assert [str(place) for place in places] == ["team", "team"]  # extensions write to where JupyterLab was started
    for program, command in seen:
        assert program == sys.executable
        assert command[1:3] == ["-m", "jupyterlab"]
        assert f"--ServerApp.root_dir={team.resolve()}" in command
        assert f"--LabApp.default_url=/lab/tree/notebooks/{lab.START}" in command
        assert command[-2:] == ["--port", "8890"]
    Shell(monkeypatch, capsys)("lab", "--no-browser")
    assert seen[-1][1][-1] == "--no-browser"
    assert (tmp_path / "lab" / "strategy.yml").is_file()


def test_without_jupyterlab_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'mopsnb\[lab\]'"):
        lab.open_lab(tmp_path, [])


def test_prepare_says_where_the_copies_are(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_workspace(tmp_path / "team")
    code, out, err = Shell(monkeypatch, capsys)("lab", "team", "--prepare")
    assert (code, out, err) == (0, "Your notebooks are in team/notebooks/, the workspace is team/.\n", "")
