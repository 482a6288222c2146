"""Files that are no YAML, no text or no file; and that nothing but a StrategyError comes out."""

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mopsnb.errors import StrategyError
from mopsnb.strategy import Strategy, parse_strategy, read_strategy

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "place", "value", "fix"),
    [
        ("", "", "an empty file", "version: 1"),
        (" \n\n", "", "nothing but blank lines or comments", "version: 1"),
        ("# a comment\n---\n", "", "nothing but blank lines or comments", "version: 1"),
        ("- a\n- b\n", "line 1", "a list", "Remove the dashes"),
        ("\nversion 1\n", "line 2", "version 1", "a colon and a space"),
        ("goals:\n\t- id: a\n", "line 2", "- id: a", "Replace the tab with spaces."),
        ("goals\n  - id: a\n", "line 2", "- id: a", "a missing colon on the line before"),
        ("tools:\n  - id: a\n   name: b\n", "line 3", "name: b", "Indent the keys of one block alike"),
        ("tools:\n  - id: a\n  name: b\n", "line 3", "name: b", "Indent the keys of one block alike"),
        ("version: 1\norganization: {name: a\nthresholds: 3\n", "line 3", "thresholds: 3", "Add what is missing"),
        ("version: 1\ntools: [{id: a}\n", "line 2", "tools: [{id: a}", "Add what is missing"),
        ("version: 1\norganization: {name: 'Bo's}\n", "line 2", "organization: {name: 'Bo's}", ""),
        ('version: 1\norganization:\n  name: "open\ngoals: []\n', "line 3", 'name: "open', "Close the quote"),
        ("organization:\n  name: Example: the company\n", "line 2", "name: Example: the company", "put quotes around"),
        ("organization:\n  name: @example\n", "line 2", "name: @example", "starts with @."),
        ("organization:\n  name: %example\n", "line 2", "name: %example", "starts with %."),
        ("organization:\n  name: *bold*\n", "line 2", "name: *bold*", "starts with *."),
        ('organization:\n  name: "C:\\docs"\n', "line 2", 'name: "C:\\docs"', "single quotes"),
        ("version: 1\n  goals: []\n", "line 2", "goals: []", "Indent the line"),
        ("version: 1\nfree words\ngoals: []\n", "line 2", "free words", "a colon and a space after the key"),
        ("version: 1\n---\nversion: 1\n", "line 2", "---", "Remove the line"),
        ("version: 1\nname: ]\n", "line 2", "name: ]", "put quotes around"),
        ("version: 1\nname: a\x00b\n", "line 2", "the control character 0x00", "Delete the character."),
        ("version: &a [*a]\n", "line 1", "a block that repeats itself", "instead of using & and *"),
        ("[" * 5000, "", "brackets nested too deeply", "Close the brackets."),
        ("%TAG\n---\nversion: 1\n", "line 1", "%TAG", "A YAML reader says"),
    ],
)
def test_a_text_that_is_no_strategy_is_one_fault_with_its_line_and_a_fix(find_faults, text, place, value, fix):
    (fault,) = find_faults(text)
    assert (fault.file, fault.place, fault.value) == ("strategy.yml", place, value)
    assert fix in fault.fix
    assert fault.expected


def test_a_key_that_stands_twice_is_a_fault_that_names_both_lines(find_faults):
    (fault,) = find_faults("organization:\n  name: a\n  locale: en_US\n  name: b\n")
    assert (fault.place, fault.field) == ("line 4", "organization.name")
    assert "Line 2 has this key already" in fault.fix


def test_the_same_key_in_two_entries_is_no_duplicate():
    assert len(parse_strategy("tools:\n  - id: a\n  - id: b\n").tools) == 2


def test_an_unfilled_template_field_is_one_fault(find_faults):
    (fault,) = find_faults("version: 1\norganization:\n  name: {{ name }}\n")
    assert (fault.place, fault.field) == ("line 3", "organization.name")
    assert "Put quotes around" in fault.fix


def test_a_tag_of_some_other_program_is_a_fault(find_faults):
    (fault,) = find_faults("organization:\n  name: !important note\n")
    assert (fault.place, fault.value) == ("line 2", "!important")


def test_aliases_repeat_a_value_and_keep_quiet_about_it():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        goals = parse_strategy("goals:\n  - {id: a, scope: &x {c: d}}\n  - {id: &x b}\n  - {id: c, owner: *x}\n").goals
    assert (goals[0].scope, goals[2].owner) == ({"c": "d"}, "b")


def test_a_file_that_multiplies_itself_through_aliases_is_refused(find_faults):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (fault,) = find_faults("\n".join(lines))
    assert fault.value == "a block that repeats itself"


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "strategy.yml"
    path.write_bytes(b"\xef\xbb\xbforganization: {name: Caf\xc3\xa9}\r\n")
    assert read_strategy(path).organization.name == "Café"
    assert read_strategy(str(path)) == read_strategy(path)


def test_a_file_that_is_not_utf8_is_a_fault_with_the_line_of_the_byte(tmp_path):
    path = tmp_path / "strategy.yml"
    path.write_bytes("version: 1\norganization: {name: Café}\n".encode("latin-1"))
    with pytest.raises(StrategyError) as caught:
        read_strategy(path)
    (fault,) = caught.value.faults
    assert (fault.place, fault.value) == ("line 2", "the byte 0xe9")
    assert "UTF-8" in fault.fix


def test_a_file_in_utf16_is_a_fault(tmp_path):
    path = tmp_path / "strategy.yml"
    path.write_bytes("version: 1\n".encode("utf-16"))
    with pytest.raises(StrategyError, match="Save the file as UTF-8"):
        read_strategy(path)


def test_a_missing_file_is_a_fault(tmp_path):
    with pytest.raises(StrategyError, match=r"strategy\.yml: found no file, expected a strategy file\. .*mopsnb init"):
        read_strategy(tmp_path / "strategy.yml")


def test_a_folder_in_the_file_s_place_is_a_fault(tmp_path):
    (tmp_path / "strategy.yml").mkdir()
    with pytest.raises(StrategyError, match="found a folder, expected a strategy file"):
        read_strategy(tmp_path / "strategy.yml")


def test_a_file_in_the_folder_s_place_is_a_fault(tmp_path):
    (tmp_path / "team").write_text("")
    with pytest.raises(StrategyError, match="found no file"):
        read_strategy(tmp_path / "team" / "strategy.yml")


def _survives(text: str) -> bool:
    try:
        return isinstance(parse_strategy(text), Strategy)
    except StrategyError as error:
        return bool(error.faults) and all(fault.expected and fault.value for fault in error.faults)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from("ab:-[]{}\n \t#&*!|>'\"%@`?,0.<é\x00\u2028"), max_size=40))
def test_any_text_is_read_or_refused_with_faults(text):
    assert _survives(text)


@settings(deadline=None, max_examples=200)
@given(
    st.integers(0, 1500),
    st.integers(0, 3),
    st.text(alphabet=st.sampled_from("ab:-[]{}\n \t#&*!|>'\"%,0."), max_size=3),
)
def test_a_typing_slip_in_a_good_file_is_read_or_refused_with_faults(filled_example, position, dropped, typed):
    position %= len(filled_example)
    assert _survives(filled_example[:position] + typed + filled_example[position + dropped :])


@pytest.mark.parametrize("depth", range(50, 1000, 50))
def test_a_file_of_any_depth_is_refused_with_faults(depth):
    assert _survives("version: " + "[" * depth + "]" * depth)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=20))
def test_a_quoted_id_is_kept_letter_by_letter(word):
    quoted = "'" + word.replace("'", "''") + "'"
    assert parse_strategy(f"tools: [{{id: {quoted}}}]").tools[0].id == word
