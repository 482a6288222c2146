"""Whom to tell, when, and what to send along: one entry of ``notify`` in schedule.yml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from mopsnb.findings import Severity
from mopsnb.secrets import is_reference
from mopsnb.strategy.models import Part
from mopsnb.strategy.values import Flag, Kind, read_list

Occasion = Literal["success", "failure", "findings"]
HIDDEN = "text that is not shown, for it may hold a password"
_LONGEST_LINK = 500


@dataclass(frozen=True)
class HiddenKind(Kind):
    """A value that a message never repeats: what stands in its place may be an address with a password."""

    def check(self, value: Any) -> Any:
        """Return the text where it is of this kind."""
        try:
            if isinstance(value, str):
                return self.read(value)
            fix = "Write one text."
        except ValueError as error:
            fix = str(error)
        context = {"expected": self.words, "fix": fix, "found": HIDDEN}
        raise PydanticCustomError("kind", "expected {expected}. {fix}", context) from None


def read_reference(text: str) -> str:
    """Return the name of a secret; anything else is a ValueError that says how to write it."""
    if is_reference(text.strip()):
        return text.strip()
    raise ValueError(
        "Keep the address where secrets are kept, and write its name here, for example secret://marketing-mail."
    )


def read_link(text: str) -> str:
    """Return the address of a published report; anything else is a ValueError that says how to write it."""
    link = text.strip()
    try:
        parts = urlsplit(link)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and len(link) <= _LONGEST_LINK
    except ValueError:
        is_whole = False
    if not is_whole or not link.isascii() or re.search(r"[\s<>\"'\\\x00-\x1f\x7f]", link):
        raise ValueError("Write it in full, for example https://reports.example.com/latest/.")
    if parts.username is not None or parts.password is not None:
        raise ValueError("Leave user name and password out: everyone who is told can read it.")
    return link


SecretName = Annotated[str, HiddenKind("the name of a secret, for example secret://marketing-mail", read_reference)]
Link = Annotated[str, HiddenKind("an address that begins with https:// or http://", read_link)]
Occasions = Annotated[list[Occasion], Field(min_length=1), Kind("a list of success, failure and findings", read_list)]


class NotifySetting(Part):
    """Whom to tell of a run, and on which occasions."""

    model_config = ConfigDict(hide_input_in_errors=True)
    hidden: ClassVar[str] = HIDDEN

    to: SecretName = Field(
        description="Where it goes: the name of a secret that holds an Apprise address. The address itself, which holds"
        " a password, is refused."
    )
    on: Occasions = Field(
        ["failure", "findings"],
        description="When: `success`, every step reached its end; `failure`, anything else; `findings`, a finding is"
        " at least as severe as `severity`.",
    )
    severity: Severity = Field("warning", description="The mildest finding that counts for `findings`.")
    only_new: Flag = Field(
        False, description="Whether only findings that the last good run did not have count for `findings`."
    )
    attach: Literal["single_file", "none"] = Field(
        "none", description="`single_file` sends the report along as one HTML file, where the run wrote one."
    )
    link: Link | None = Field(
        None, description="Where the report is published. If there is none, the message names the run alone."
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_text(cls, data: Any) -> Any:
        if isinstance(data, dict | cls):
            return data
        context = {"expected": "keys with values: to, on, …", "fix": "Write '- to: secret://…'.", "found": HIDDEN}
        raise PydanticCustomError("kind", "expected {expected}. {fix}", context)
