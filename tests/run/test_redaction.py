"""What leaves a run holds references where secrets would stand: notebooks, tables, JSON and every other file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from nbformat import v4
from pyarrow import parquet

from mopsnb.run.redaction import redact_folder, redact_notebook, redact_table, redact_value
from mopsnb.secrets import known
from mopsnb.secrets.patterns import Redactor

VALUE = 'tok"3n-Ab12&Zz'
REDACTOR = Redactor({VALUE: "secret://chat"})


@pytest.fixture
def resolved() -> Iterator[None]:
    known.forget()
    known.remember("chat", VALUE)
    yield
    known.forget()


def make_notebook(*outputs: dict):
    return v4.new_notebook(cells=[v4.new_code_cell("x", outputs=list(outputs))])


def print_parts(*parts: tuple[str, str]):
    return make_notebook(*(v4.new_output("stream", name=name, text=text) for name, text in parts))


def read_streams(notebook) -> list[str]:
    return [output.text for output in redact_notebook(notebook, REDACTOR).cells[0].outputs if "text" in output]


@pytest.mark.parametrize("cut", range(1, len(VALUE)))
def test_a_secret_printed_in_two_messages_is_found(cut: int) -> None:
    said = read_streams(print_parts(("stdout", f"a {VALUE[:cut]}"), ("stdout", f"{VALUE[cut:]} b")))
    assert "".join(said) == "a secret://chat b"


def test_a_secret_printed_around_another_message_is_found() -> None:
    said = read_streams(print_parts(("stdout", VALUE[:5]), ("stderr", "warning\n"), ("stdout", VALUE[5:])))
    assert VALUE not in "".join(said)
    assert sorted(said) == ["", "secret://chat", "warning\n"]


def test_a_secret_begun_on_one_stream_and_ended_on_the_other_is_found() -> None:
    said = read_streams(print_parts(("stdout", VALUE[:5]), ("stderr", VALUE[5:])))
    assert said == ["secret://chat", ""]


def test_messages_without_a_secret_stay_where_they_are() -> None:
    assert read_streams(print_parts(("stdout", "a"), ("stderr", "b"), ("stdout", "c"))) == ["a", "b", "c"]


def test_sources_metadata_tracebacks_and_every_kind_of_output_are_covered() -> None:
    shown = v4.new_output("display_data", data={"text/html": f"<b>{VALUE}</b>", "application/json": {VALUE: [VALUE]}})
    shown.metadata = {"note": VALUE}
    raised = v4.new_output("error", ename="E", evalue=VALUE, traceback=["a", f"b {VALUE}"])
    notebook = make_notebook(shown, raised)
    notebook.cells[0].source = f"x = {VALUE!r}"
    notebook.metadata["note"] = {"at": VALUE}
    clean = redact_notebook(notebook, REDACTOR)
    assert json.dumps(clean).count("secret://chat") == 8
    assert VALUE not in json.dumps(clean)
    assert VALUE not in json.dumps(json.dumps(clean))
    assert clean.cells[0].outputs[0].data["application/json"] == {"secret://chat": ["secret://chat"]}


def test_without_secrets_nothing_is_looked_at() -> None:
    notebook = print_parts(("stdout", VALUE))
    assert redact_notebook(notebook, Redactor({})) is notebook


def test_plain_values_keep_their_types() -> None:
    value = {"a": [1, 2.5, None, True, VALUE], "b": {"c": "text"}}
    assert redact_value(value, REDACTOR) == {"a": [1, 2.5, None, True, "secret://chat"], "b": {"c": "text"}}


# --- tables -----------------------------------------------------------------------------------------------------------


def test_a_table_is_searched_in_values_column_names_lists_and_metadata(tmp_path: Path) -> None:
    frame = pd.DataFrame({"at": [VALUE, None], f"from {VALUE}": [1, 2], "list": [[f"a {VALUE}"], None]})
    frame["kind"] = pd.Categorical([VALUE, "b"])
    frame["raw"] = [VALUE.encode(), None]
    frame["nested"] = [{"x": VALUE}, None]
    frame["day"] = pd.to_datetime(["2026-01-31", None])
    frame.attrs["source"] = VALUE
    path = tmp_path / "t.parquet"
    frame.to_parquet(path, index=False)
    path.write_bytes(redact_table(path.read_bytes(), REDACTOR))
    clean = pd.read_parquet(path)
    assert list(clean.columns) == ["at", "from secret://chat", "list", "kind", "raw", "nested", "day"]
    assert clean["at"].tolist()[0] == "secret://chat"
    assert list(clean["list"][0]) == ["a secret://chat"]
    assert clean["kind"].tolist() == ["secret://chat", "b"]
    assert clean["raw"][0] == b"secret://chat"
    assert clean["nested"][0] == {"x": "secret://chat"}
    assert clean["day"].tolist()[0] == pd.Timestamp("2026-01-31")
    assert clean["from secret://chat"].tolist() == [1, 2]
    assert VALUE not in str(parquet.read_schema(path).metadata)
    assert VALUE.encode() not in path.read_bytes()


def test_a_table_without_a_secret_keeps_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pd.DataFrame({"a": ["x", "y"], "b": [1.5, None]}).to_parquet(path, index=False)
    assert redact_table(path.read_bytes(), REDACTOR) == path.read_bytes()


def test_a_table_that_is_none_is_searched_as_bytes() -> None:
    assert redact_table(b"\xff" + VALUE.encode() + b"\x00", REDACTOR) == b"\xffsecret://chat\x00"


# --- a report ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("resolved")
def test_every_file_of_a_report_is_searched_before_it_is_published(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "index.html").write_text("<p>tok&#34;3n-Ab12&amp;Zz</p>", encoding="utf-8")
    (tmp_path / "run.json").write_text(json.dumps({"note": VALUE, "n": 1}), encoding="utf-8")
    (tmp_path / "results" / "rows.csv").write_text(f"a\r\n{VALUE}\r\n", encoding="utf-8", newline="")
    (tmp_path / "core").write_bytes(b"\x80" + VALUE.encode())
    redact_folder(tmp_path)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "<p>secret://chat</p>"
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8")) == {"note": "secret://chat", "n": 1}
    assert (tmp_path / "results" / "rows.csv").read_bytes() == b"a\r\nsecret://chat\r\n"
    assert (tmp_path / "core").read_bytes() == b"\x80secret://chat"


@pytest.mark.usefixtures("resolved")
def test_files_without_a_secret_are_not_written_again(tmp_path: Path) -> None:
    texts = {"a.html": "<p>\r\n</p>", "b.json": '{"a":1}', "c.txt": "x\r\ny\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    redact_folder(tmp_path)
    assert {name: (tmp_path / name).read_bytes().decode() for name in texts} == texts


@pytest.mark.usefixtures("resolved")
def test_json_stays_json_where_a_word_of_it_is_a_secret(tmp_path: Path) -> None:
    known.remember("flag", "true")
    known.remember("port", "5432")
    path = tmp_path / "run.json"
    path.write_text('{"is_sample": true, "n": 5432, "text": "5432 true"}', encoding="utf-8")
    redact_folder(tmp_path)
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "is_sample": True,
        "n": 5432,
        "text": "secret://port secret://flag",
    }


@pytest.mark.usefixtures("resolved")
@pytest.mark.skipif("os.name != 'posix'", reason="needs links")
def test_a_link_out_of_the_report_is_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(VALUE, encoding="utf-8")
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "link.txt").symlink_to(outside)
    redact_folder(tmp_path / "report")
    assert outside.read_text(encoding="utf-8") == VALUE
