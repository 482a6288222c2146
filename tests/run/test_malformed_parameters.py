"""Malformed parameters, generated: each is refused before a kernel starts, with its name and what is expected."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from run_samples import make_steps, make_workspace

from mopsnb.errors import ParameterError
from mopsnb.run.house import KernelHouse
from mopsnb.run.request import RunRequest
from mopsnb.run.runner import run

CELL = """workspace: str = ""  # folder
as_of: str = ""  # ISO date
results_dir: str = ""  # folder
code: str = ""  # any text
by: str = "month"  # grain {month, quarter}
level: int = 1  # depth {1, 2, 3}
months: int = 24  # months shown [1..60]
share: float = 0.5  # share [0..1]
is_paid: bool = True  # paid media alone
since: str = ""  # ISO date, empty for all
day: str = "2026-01-31"  # ISO date
cap: int | None = None  # most rows [1..]"""

WHOLE, NUMBER, DAY = "a whole number", "a number from 0 to 1", "a date such as 2026-01-31"
OPEN = "a text without a password in the open"
# What is wrong as a text, from the command line or the environment: parameter, texts, what the message expects.
TEXTS = (
    ("months", "1e3 1.0 02134 1_000 0x10 true ٣ ½ 0 61 -1 1,5 24m", f"{WHOLE} from 1 to 60"),
    ("months", f"{'9' * 30}|+|-|--1| 1|1 |1\t|12\n|\x00", f"{WHOLE} from 1 to 60"),
    ("share", "nan NaN inf -inf Infinity -Infinity 1e999 1,5 0x1p3 1_0.5 ½ 1.01 -0.01 2 true 50% .", NUMBER),
    ("is_paid", "on off t f y n 2 -1 maybe tru yess None null 01 1.0 да", "true or false"),
    ("since", "2026-02-30 20260131 2026-W01-1 31.01.2026 today 2026-1-3 2026-13-01 0000-00-00", DAY),
    ("since", "1/2/26 2026-01 2026-01-31T00:00:00 2026-01-31Z 99999-01-01 -2026-01-01 ２０２６-01-31", DAY),
    ("by", "year Month MONTH months '' week 1 month,quarter", "one of month, quarter"),
    ("level", "0 4 1.0 01 one", "one of 1, 2, 3"),
    ("cap", "0 -1 none null 1.5", f"{WHOLE} of at least 1"),
    ("code", "a\x00b|line\nbreak|\x1b[31mred|\x7f|tab\tin|\r", "text"),
    ("code", "postgresql://u:pw@h mysql+pymysql://u:pw@h:3306/d https://u:p@ss@h redis://:pw@h:6379/0", OPEN),
    ("code", "host=db;password=hunter2|Server=a;Pwd=hunter2;|mongodb://u:p/w@h", OPEN),
    ("code", "secret://|secret://a b|secret:///etc|SECRET://x|secret:x|secret://-a", "secret:// and a name"),
)
# What is wrong as a typed value in YAML: parameter, YAML, what the message expects.
TYPED = (
    ("months", '"12"|12.0|true|false|NO|null|~|02134|1e1|0|61|.inf|.nan|2026-01-31|[1]|{a: 1}|0x100|1_2', WHOLE),
    ("share", '"0.5"|true|.nan|.inf|-.inf|1.5|-0.1|null|half|1e999|[0.5]|0,5|2026-01-31', NUMBER),
    ("is_paid", '"true"|yes|no|NO|on|1|0|null|1.0|y|[true]', "true or false"),
    ("since", '20260131|2026-02-30|"31.01.2026"|true|null|2026-1-3|1.5|2026-01-31 10:00:00', DAY),
    ("by", "Month|1|true|null|year|[month]|2026-01-31", "one of month, quarter"),
    ("level", '"1"|4|true|1.0|null', "one of 1, 2, 3"),
    ("cap", '0|"3"|1.5|true|never|01', f"{WHOLE} of at least 1"),
    ("code", "02134|1e3|0x10|true|FALSE|null|~|007|+7|.5|0o17|!tag x|[a]|{a: 1}", "text"),
)
# The same in TOML.
TOML = (
    ("months", '"12" 12.0 true 0 61 inf nan 2026-01-31 [1] 1e1 0b0', WHOLE),
    ("share", '"0.5" true nan inf -inf 1.5 2026-01-31', NUMBER),
    ("is_paid", '"true" 1 0 "yes" 2026-01-31', "true or false"),
    ("since", '20260131 true 10:00:00 1.5 "2026-02-30"', DAY),
    ("by", '"Month" 1 true', "one of month, quarter"),
    ("code", "1_000 0x10 0o17 true 1e3 2026-01-31 10:00:00 [1]", "text"),
)
# Names that nobody has, or that a run sets itself.
NAMES = (
    "mnths",
    "month",
    "Months",
    "shares",
    "is-paid",
    "since ",
    "cod",
    "workspace",
    "as_of",
    "results_dir",
    "x" * 90,
)


@dataclass(frozen=True)
class Case:
    """One malformed parameter: how it is given, and what its message holds."""

    source: str
    name: str
    text: str
    expected: str

    def __str__(self) -> str:
        return f"{self.source}-{self.name}-{self.text.encode('unicode_escape').decode()[:24]}"


def split(texts: str) -> list[str]:
    return texts.split("|") if "|" in texts else texts.split(" ")


def list_cases() -> Iterator[Case]:
    for source in ("option", "step option", "variable", "step variable"):
        for name, texts, expected in TEXTS:
            for text in split(texts):
                if not (source.endswith("variable") and "\x00" in text):
                    yield Case(source, name, text, expected)
    for source in ("yaml", "yaml block"):
        yield from (Case(source, name, text, expected) for name, texts, expected in TYPED for text in split(texts))
    for source in ("toml", "toml table"):
        yield from (Case(source, name, text, expected) for name, texts, expected in TOML for text in split(texts))
    for source in ("option", "variable", "yaml", "yaml block", "toml"):
        for name in NAMES:
            if source != "variable" or name.upper() not in ("MONTHS", "IS-PAID", "SINCE "):
                yield Case(source, name, "1", "")


CASES = list(list_cases())


@pytest.fixture(scope="module")
def request_(tmp_path_factory: pytest.TempPathFactory) -> RunRequest:
    """A request for one step whose notebook declares a parameter of every type."""
    folder = tmp_path_factory.mktemp("malformed")
    place = folder / "notebooks" / "measure" / "typed.ipynb"
    place.parent.mkdir(parents=True)
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": CELL, "outputs": []}
    place.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    make_workspace(folder / "team")
    return RunRequest(str(folder / "team"), make_steps("typed"), notebooks=folder / "notebooks")


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail the test where a kernel, or the place where kernels live, is asked for."""

    def fail(*_: object) -> None:
        pytest.fail("a kernel was about to start")

    monkeypatch.setattr(KernelHouse, "prepare_kernel", fail)
    monkeypatch.setattr(KernelHouse, "build", fail)


def give(case: Case, request: RunRequest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> RunRequest:
    """Return the request with a malformed parameter in the place that the case names."""
    options: tuple[str, ...] = ()
    path = None
    if case.source.endswith("option"):
        options = (f"{'typed.' if 'step' in case.source else ''}{case.name}={case.text}",)
    elif case.source.endswith("variable"):
        step = "TYPED__" if "step" in case.source else ""
        monkeypatch.setitem(os.environ, f"MOPSNB_PARAM_{step}{case.name.upper()}", case.text)
    elif case.source.startswith("yaml"):
        path = folder / "team.yml"
        block = "typed:\n  " if "block" in case.source else ""
        path.write_text(f"# a comment\n{block}{json.dumps(case.name)}: {case.text}\n", encoding="utf-8")
    else:
        path = folder / "team.toml"
        block = "[typed]\n" if "table" in case.source else ""
        path.write_text(f"# a comment\n{block}{json.dumps(case.name)} = {case.text}\n", encoding="utf-8")
    return RunRequest(request.workspace, request.steps, options, notebooks=request.notebooks, parameter_file=path)


def test_there_are_more_than_200_different_ones() -> None:
    assert len({str(case) for case in CASES}) > 500


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_is_refused_before_a_kernel_starts(
    case: Case, request_: RunRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = give(case, request_, tmp_path, monkeypatch)
    with pytest.raises(ParameterError) as caught:
        run(given)
    message = str(caught.value)
    assert message.startswith("A parameter cannot be used:\n  ")
    if case.expected:
        assert f"{case.name}: found " in message
        assert "expected" in message
        assert case.expected in message or "the id of a step" in message  # a block where a value should be
        assert ":pw@" not in message
        assert "hunter2" not in message
        odd = ("found a list", "found a block", "found the tag")
        if case.expected != OPEN and case.text.isprintable():
            assert case.text.strip("\"'")[:40] in message or any(words in message for words in odd)
    else:
        assert case.name[:40].strip().casefold() in message.casefold()
        assert ("such a parameter" in message) or ("no such parameter" in message) or ("is set by" in message)
    assert cite(case) in message
    assert sorted(path.name for path in Path(given.workspace).iterdir()) == ["data", "strategy.yml"]


def cite(case: Case) -> str:
    """Return the words that say where the value stands."""
    return {
        "option": "--param",
        "step option": "typed.",
        "variable": f"MOPSNB_PARAM_{case.name.upper()[:40]}",
        "step variable": f"MOPSNB_PARAM_TYPED__{case.name.upper()}",
        "yaml": "team.yml, line 2",
        "yaml block": "team.yml, line 3",
        "toml": "team.toml, line 2",
        "toml table": "team.toml, line 3",
    }[case.source]


def test_refusing_one_imports_nothing_that_takes_long(tmp_path: Path) -> None:
    (tmp_path / "team.yml").write_text("mnths: 3\nmetrics: {months: 02134}\n", encoding="utf-8")
    code = "\n".join(
        [
            "import sys",
            "sys.argv = ['mopsnb', 'run', '--params', 'team.yml', '-p', 'months=1e3']",
            "from mopsnb.cli import main",
            "try: main()",
            "except SystemExit as end: print(end.code)",
            "print(sorted({'pandas', 'altair', 'duckdb', 'pyarrow', 'papermill'} & set(sys.modules)))",
        ]
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines() == ["2", "[]"]
    assert "Did you mean 'months'?" in done.stderr
