"""A secret that a notebook resolves and shows in every way it can is in no file of the run, and not printed."""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from pyarrow import parquet
from run_samples import FIXTURES, make_steps, make_workspace

from mopsnb import assets
from mopsnb.cli import main
from mopsnb.secrets import known

pytestmark = pytest.mark.slow

ADDRESS = "postgresql://reader:k7&Q\"z<x>'é%2Fm+9#@db.example:5432/warehouse"
TOKEN = "tok3n-Ab12_Zz.99"
PASSWORD = "k7&Q\"z<x>'é%2Fm+9#"
HOME = f"duckdb:///{Path.home()}/of-mopsnb/warehouse-73f.duckdb"  # a folder that a page does not show


def spell(secret: str) -> set[str]:
    """Return every form of a secret that must not be found."""
    raw = secret.encode()
    forms = {secret, secret.upper(), secret.lower(), repr(secret)[1:-1], ascii(secret)[1:-1], raw.hex()}
    forms |= {
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        html.escape(secret),
        html.escape(secret, False),
    }
    forms |= {secret.replace("&", "&amp;").replace('"', "&#34;").replace("'", "&#39;").replace("<", "&lt;")}
    for text in list(forms):
        forms |= {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            forms.add(encode(b"x" * offset + raw)[4 if offset else 0 : (offset + len(raw)) * 8 // 6].decode())
    return {form for form in forms if len(form) >= 4}


FORMS = spell(ADDRESS) | spell(TOKEN) | spell(PASSWORD) | spell(HOME) | {"of-mopsnb/warehouse-73f"}
CODES = re.compile(r"(?:\x1b|\\u001b)\[[0-9;]*m|\s+")
TAGS = re.compile(r"<[^<>]*>")


def read_texts(path: Path) -> Iterator[str]:
    """Yield what a file says: its bytes as text, and the values of a table."""
    yield path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".parquet":
        table = parquet.read_table(path)
        yield json.dumps(table.to_pylist(), default=str, ensure_ascii=False)
        yield str(table.schema)
    if path.suffix in (".json", ".ipynb"):
        yield "\n".join(list_strings(json.loads(path.read_text(encoding="utf-8"))))


def look(text: str) -> Iterator[str]:
    """Yield what a reader may see in a text: itself, without colors and wrapped lines, and without tags."""
    yield text
    yield (plain := CODES.sub("", text))
    yield (plain := TAGS.sub("", plain))
    yield html.unescape(plain)


def list_strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from list_strings(item)
    elif isinstance(value, list):
        yield "".join(item for item in value if isinstance(item, str))
        for item in value:
            yield from list_strings(item)


def find_leaks(folder: Path, *printed: str) -> set[tuple[str, str]]:
    """Return where a form of a secret stands: in the files below a folder, their names, and what was printed."""
    texts = [("printed", text) for text in printed]
    for path in folder.rglob("*"):
        texts.append(("a name", str(path)))
        if path.is_file() and not path.is_symlink():
            texts += [(path.relative_to(folder).as_posix(), text) for text in read_texts(path)]
    return {(place, form) for place, text in texts for seen in look(text) for form in FORMS if form in seen}


@pytest.fixture(params=["variables", "files", "credentials"])
def hidden(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the secrets where the run finds them."""
    known.forget()
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    if request.param == "variables":
        monkeypatch.setenv("MOPSNB_SECRET_WAREHOUSE", ADDRESS)
        monkeypatch.setenv("MOPSNB_SECRET_CHAT_TOKEN", TOKEN)
        monkeypatch.setenv("MOPSNB_SECRET_HOME", HOME)
    else:
        folder = tmp_path / "mounted"
        folder.mkdir()
        (folder / "warehouse").write_text(ADDRESS + "\n", encoding="utf-8")
        (folder / "chat-token").write_text(TOKEN, encoding="utf-8")
        (folder / "home").write_text(HOME, encoding="utf-8")
        variable = "MOPSNB_SECRETS_DIR" if request.param == "files" else "CREDENTIALS_DIRECTORY"
        monkeypatch.setenv(variable, str(folder))
    yield
    known.forget()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace, and the leaking notebook in the place of the steps that mopsnb brings."""
    notebooks = tmp_path / "notebooks"
    (notebooks / "measure").mkdir(parents=True)
    for name in ("leaking", "ok"):
        shutil.copy(FIXTURES / f"{name}.ipynb", notebooks / "measure")
    monkeypatch.setattr("mopsnb.steps.STEPS", make_steps("leaking", "ok"))
    folder = assets.folder
    monkeypatch.setattr(assets, "folder", lambda name: notebooks if name == "notebooks" else folder(name))
    return make_workspace(tmp_path / "team")


def run(workspace: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.setattr(sys, "argv", ["mopsnb", "run", str(workspace), "--keep-notebooks", *options])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def read_run(workspace: Path) -> Path:
    [record] = [path for path in (workspace / "runs").glob("*/run.json") if not path.parent.is_symlink()]
    return record.parent


def test_the_search_finds_a_secret_in_every_form(tmp_path: Path) -> None:
    for number, form in enumerate(sorted(FORMS)):
        (tmp_path / f"{number}.txt").write_text(f"<{form}>", encoding="utf-8")
    assert {place for place, _ in find_leaks(tmp_path)} == {f"{number}.txt" for number in range(len(FORMS))}


@pytest.mark.usefixtures("hidden")
def test_a_planted_secret_is_found_0_times_in_all_files_a_run_writes(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    code = run(workspace, monkeypatch, "--json", "--single-file", "-p", "place=secret://warehouse")
    printed = capfd.readouterr()
    assert code == 0, printed.err
    assert find_leaks(workspace, printed.out, printed.err) == set()
    report = read_run(workspace)
    assert "secret://warehouse" in (report / "leaking.html").read_text(encoding="utf-8")
    assert {path.name for path in (report / "results" / "leaking").iterdir()} == {
        "rows.parquet",
        "secret-chat-token.parquet",
    }
    result = json.loads((report / "results" / "leaking.json").read_text(encoding="utf-8"))
    assert result["tables"]["secret-chat-token"] == "leaking/secret-chat-token.parquet"
    assert result["headline"][0]["title"] == "Spend from secret://chat-token"

    # The notebook inherits no secret, and its parameter holds the reference.
    said = "\n".join(list_strings(json.loads((report / "notebooks" / "leaking.ipynb").read_text(encoding="utf-8"))))
    assert "variables with a secret: []" in said
    assert "places: []" in said
    assert "place: secret://warehouse" in said


@pytest.mark.usefixtures("hidden")
@pytest.mark.parametrize("hidden", ["files"], indirect=True)
@pytest.mark.parametrize(
    ("ending", "options"), [("error", ()), pytest.param("hang", ("--timeout", "15"), marks=pytest.mark.soak)]
)
def test_a_run_that_fails_keeps_the_secret_too(
    ending: str,
    options: tuple[str, ...],
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    code = run(workspace, monkeypatch, "-v", "--single-file", "-p", f"ending={ending}", *options)
    printed = capfd.readouterr()
    assert code in (1, 8)
    assert find_leaks(workspace, printed.out, printed.err) == set()
    page = (read_run(workspace) / "leaking.html").read_text(encoding="utf-8")
    assert ("cannot reach secret://warehouse" if ending == "error" else "waiting for secret://warehouse") in page


def test_a_secret_that_nobody_has_stops_the_step_and_names_the_places(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    known.forget()
    monkeypatch.setenv("MOPSNB_SECRET_WAREHOUSES", "x" * 20)
    assert run(workspace, monkeypatch, "--steps", "leaking") == 3
    said = capfd.readouterr().err
    assert "No value was found for secret://warehouse. Did you mean 'secret://warehouses'?" in said
    assert "the environment variable MOPSNB_SECRET_WAREHOUSE: not set" in said
    assert "x" * 20 not in said
