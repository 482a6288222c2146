"""A secret is found by its name, in a fixed order of places, and shows its reference alone."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from mopsnb.errors import InputError, SecretError
from mopsnb.secrets import Secret, is_reference, known, redact, resolve
from mopsnb.secrets.broker import Broker
from mopsnb.secrets.sources import find_file

VALUE = "correct-horse-battery"


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every place is empty, and nothing is remembered."""
    known.forget()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "config"))
    for name in ("MOPSNB_SECRETS_DIR", "CREDENTIALS_DIRECTORY", "MOPSNB_SECRETS", "MOPSNB_SECRET_WAREHOUSE"):
        monkeypatch.delenv(name, raising=False)
    yield
    known.forget()


def mount(folder: Path, value: str = VALUE, name: str = "warehouse") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(value, encoding="utf-8")
    return folder


def keep(text: str, mode: int = 0o600) -> Path:
    path = find_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


# --- references -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["secret://warehouse", "secret://Team-chat_2.url", "secret://0"])
def test_a_reference_is_a_scheme_and_a_name(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize(
    "text",
    ["warehouse", "secret:warehouse", "secret://", "secret://a/b", "secret://../x", " secret://a", "secret://a ",
     "secret://a\n", "SECRET://a", "postgresql://h/d", "", None, 3],
)  # fmt: skip
def test_anything_else_is_none(text: object) -> None:
    assert not is_reference(text)


@pytest.mark.parametrize("text", ["postgresql://u:pw@host/db", "../etc/passwd", "", "secret://", "a b"])
def test_what_is_no_name_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(SecretError, match="not the name of a secret") as caught:
        resolve(text)
    assert not text or text not in str(caught.value).replace("secret://warehouse", "").replace("secret:// and", "")


# --- places -----------------------------------------------------------------------------------------------------------


def test_the_places_are_asked_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep('warehouse = "from the file"\n')
    assert resolve("warehouse").reveal() == "from the file"
    for variable, value in (("CREDENTIALS_DIRECTORY", "from systemd"), ("MOPSNB_SECRETS_DIR", "from a mount")):
        known.forget()
        monkeypatch.setenv(variable, str(mount(tmp_path / variable, value)))
        assert resolve("warehouse").reveal() == value
    known.forget()
    monkeypatch.setenv("MOPSNB_SECRET_WAREHOUSE", "from a variable")
    assert resolve("secret://warehouse").reveal() == "from a variable"


def test_a_name_with_a_dash_is_an_underscore_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOPSNB_SECRET_TEAM_CHAT_URL", VALUE)
    assert resolve("secret://team-chat.url").reveal() == VALUE


@pytest.mark.parametrize(("written", "value"), [("a b\n", "a b"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("\ta ", "\ta ")])
def test_one_line_end_behind_a_mounted_value_is_not_part_of_it(
    written: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = mount(tmp_path / "mounted")
    (folder / "warehouse").write_bytes(written.encode())
    monkeypatch.setenv("MOPSNB_SECRETS_DIR", str(folder))
    assert resolve("warehouse").reveal() == value


@pytest.mark.skipif("os.name != 'posix'", reason="needs links")
def test_a_mounted_value_may_be_a_link_as_kubernetes_makes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mount(tmp_path / "..data")
    (tmp_path / "warehouse").symlink_to(Path("..data", "warehouse"))
    monkeypatch.setenv("MOPSNB_SECRETS_DIR", str(tmp_path))
    assert resolve("warehouse").reveal() == VALUE


def test_a_missing_secret_names_the_places_and_the_nearest_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOPSNB_SECRETS_DIR", str(mount(tmp_path / "mounted", name="warehous")))
    monkeypatch.setenv("MOPSNB_SECRET_WAREHOUSE", "")
    keep('other = "x"\n')
    with pytest.raises(SecretError) as caught:
        resolve("warehouse")
    assert str(caught.value).splitlines() == [
        "No value was found for secret://warehouse. Did you mean 'secret://warehous'? Looked in:",
        "  the environment variable MOPSNB_SECRET_WAREHOUSE: empty",
        "  the file 'warehouse' in the folder that MOPSNB_SECRETS_DIR names: not there",
        "  the folder that CREDENTIALS_DIRECTORY names: not set",
        "  mopsnb/secrets.toml in your configuration folder: it has no 'warehouse'",
    ]
    assert isinstance(caught.value, InputError)


@pytest.mark.skipif("os.name != 'posix'", reason="needs file modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_that_others_may_read_is_refused(mode: int) -> None:
    keep(f'warehouse = "{VALUE}"\n', mode)
    with pytest.raises(SecretError, match=f"has the mode {mode:04o}: others may read it. Run: chmod 600"):
        resolve("warehouse")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"warehouse = {VALUE}\n", "is no TOML, see line 1."),
        ("warehouse = 3\n", "the value of 'warehouse' is not a text"),
        ("[warehouse]\nurl = 'x'\n", "the value of 'warehouse' is not a text"),
    ],
)
def test_a_file_with_a_fault_is_refused_without_its_values(text: str, words: str) -> None:
    keep(text)
    with pytest.raises(SecretError) as caught:
        resolve("warehouse")
    assert words in str(caught.value)
    assert VALUE not in str(caught.value)


@pytest.mark.parametrize(("raw", "words"), [(b"\xff\xfe\x00", "is not text in UTF-8"), (b"x" * 1_000_001, "too large")])
def test_a_mounted_file_that_is_no_secret_is_refused(
    raw: bytes, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = mount(tmp_path / "mounted")
    (folder / "warehouse").write_bytes(raw)
    monkeypatch.setenv("MOPSNB_SECRETS_DIR", str(folder))
    with pytest.raises(SecretError, match=words):
        resolve("warehouse")


def test_a_folder_in_the_place_of_a_value_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "warehouse").mkdir()
    monkeypatch.setenv("MOPSNB_SECRETS_DIR", str(tmp_path))
    with pytest.raises(SecretError, match="cannot be read"):
        resolve("warehouse")


# --- what a secret shows ----------------------------------------------------------------------------------------------


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Secret:
    monkeypatch.setenv("MOPSNB_SECRET_WAREHOUSE", VALUE)
    return resolve("secret://warehouse")


def test_only_reveal_gives_the_value(secret: Secret) -> None:
    assert secret.reveal() == VALUE
    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r:>40}", f"{secret:s}", ascii(secret)]
    shown += [json.dumps({"at": secret, secret: 1}), str([secret]), secret + "", "".join([secret]), secret.upper()]
    shown += [
        pd.DataFrame({"at": [secret]}).to_json(),
        pd.Series([secret]).to_string(),
        str(dir(secret)),
        str(secret.encode()),
    ]
    assert [text for text in shown if VALUE in text] == []
    assert secret == "secret://warehouse"
    assert not hasattr(secret, "__dict__")


def test_a_pickle_holds_the_reference_and_finds_the_value_anew(secret: Secret) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        raw = pickle.dumps(secret, protocol)
        assert VALUE.encode() not in raw
        known.forget()
        again = pickle.loads(raw)
        assert isinstance(again, Secret)
        assert again.reveal() == VALUE
    assert isinstance(copy.deepcopy(secret), Secret)


def test_a_value_that_was_resolved_is_redacted_from_then_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOPSNB_SECRETS_DIR", str(mount(tmp_path / "mounted")))
    assert redact(f"at {VALUE}!") == f"at {VALUE}!"
    resolve("warehouse")
    assert redact(f"at {VALUE}!") == "at secret://warehouse!"


def test_every_secret_in_the_environment_is_redacted_resolved_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOPSNB_SECRET_TEAM_CHAT", "hook-0815")
    monkeypatch.setenv("MOPSNB_SECRET_TINY", "abc")
    assert redact("hook-0815 abc") == "secret://team_chat abc"


# --- from a kernel ----------------------------------------------------------------------------------------------------


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker.start(tmp_path)
    yield broker
    broker.close()


def test_a_kernel_asks_the_run_and_inherits_nothing(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOPSNB_SECRET_WAREHOUSE", VALUE)
    before = {
        "PATH": "/bin",
        "MOPSNB_SECRET_WAREHOUSE": VALUE,
        "MOPSNB_SECRETS_DIR": "/run/s",
        "CREDENTIALS_DIRECTORY": "/c",
    }
    given = broker.change_environment(before)
    assert set(given) == {"PATH", "MOPSNB_SECRETS"}
    assert VALUE not in str(given)
    monkeypatch.setenv("MOPSNB_SECRETS", given["MOPSNB_SECRETS"])
    known.forget()
    assert resolve("warehouse").reveal() == VALUE
    assert broker.resolved == {"warehouse"}


def test_a_kernel_hears_why_there_is_no_value(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOPSNB_SECRETS", broker.change_environment({})["MOPSNB_SECRETS"])
    with pytest.raises(SecretError, match="the environment variable MOPSNB_SECRET_WAREHOUSE: not set"):
        resolve("warehouse")


def test_who_does_not_know_the_key_is_not_answered(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOPSNB_SECRET_WAREHOUSE", VALUE)
    place = json.loads(broker.change_environment({})["MOPSNB_SECRETS"]) | {"key": "00" * 32}
    monkeypatch.setenv("MOPSNB_SECRETS", json.dumps(place))
    with pytest.raises(SecretError, match="does not answer"):
        resolve("warehouse")
    assert broker.resolved == set()


def test_when_the_run_is_over_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker.start(tmp_path)
    monkeypatch.setenv("MOPSNB_SECRETS", broker.change_environment({})["MOPSNB_SECRETS"])
    broker.close()
    broker.close()
    with pytest.raises(SecretError, match="does not answer any more"):
        resolve("warehouse")


def test_a_kernel_that_says_nothing_keeps_no_other_from_its_answer(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from multiprocessing.connection import Client

    monkeypatch.setenv("MOPSNB_SECRET_WAREHOUSE", VALUE)
    with Client(broker.listener.address):
        monkeypatch.setenv("MOPSNB_SECRETS", broker.change_environment({})["MOPSNB_SECRETS"])
        assert resolve("warehouse").reveal() == VALUE
