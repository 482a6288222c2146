"""Outputs that are text: HTML and Markdown that is safe with names from data, and its plain form."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import mistune

from mopsnb.view.style import STYLE

# Notebooks typeset "$1,204 to $2,300" as mathematics unless the element asks them not to.
NO_MATH = "tex2jax_ignore mathjax_ignore"
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>&#+\-.!|~:@/=^])")
_BLOCKS = re.compile(r"</(?:p|li|h[1-6]|tr|div|dt|dd|caption)>|<br\s*/?>", re.IGNORECASE)

STATUS_TONES = {
    **{"on_track": "good", "met": "good", "ok": "good"},
    **{"on_plan": "good", "pass": "good"},
    **{"at_risk": "warn", "warning": "warn", "over_plan": "warn", "may_go_over": "warn", "under_plan": "warn"},
    **{"may_run_out_early": "warn", "may_stay_under": "warn", "no_spend": "warn"},
    **{"behind": "bad", "missed": "bad", "error": "bad", "failed": "bad", "exceeded": "bad"},
    **{
        "not_started": "open",
        "no_data": "open",
        "not_defined": "open",
        "info": "open",
        "no_plan": "open",
        "too_early": "open",
    },
}


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of HTML as the output of a cell.

    Parameters
    ----------
    html
        Safe HTML: every name from data in it is escaped.
    text
        The same for a terminal.
    """

    html: str
    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": f'{STYLE}<div class="mops {NO_MATH}">{self.html}</div>', "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown that a cell computed.

    It travels as Markdown and as HTML: a notebook would take "$1,204 to $2,300" in Markdown for mathematics.

    Parameters
    ----------
    markdown
        The text. HTML in it is shown as text, a picture as its description.
    """

    markdown: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        body = str(_renderer()(self.markdown)).strip()
        return {
            "text/html": f'<div class="mops-said {NO_MATH}">{body}</div>',
            "text/markdown": self.markdown,
            "text/plain": strip_tags(body),
        }

    def __repr__(self) -> str:
        return str(self._repr_mimebundle_()["text/plain"])


class _Careful(mistune.HTMLRenderer):
    def image(self, text: str, url: str, title: str | None = None) -> str:
        return html.escape(strip_tags(text))  # a picture would be fetched from wherever the data says

    def block_code(self, code: str, info: str | None = None) -> str:
        return super().block_code(code, info).replace("<pre>", '<pre tabindex="0">', 1)  # to scroll by keyboard


@cache
def _renderer() -> mistune.Markdown:
    return mistune.create_markdown(renderer=_Careful(escape=True), plugins=["strikethrough", "table"])


def escape(name: object) -> str:
    r"""Return a name from data so that Markdown and HTML show it as it is.

    Examples
    --------
    >>> escape("Q3 *sale* <b>")
    'Q3 \\*sale\\* \\<b\\>'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(str(name).split()))


def strip_tags(text: str) -> str:
    """Return HTML as plain text, one line a block."""
    broken = _BLOCKS.sub("\n", text)
    plain = html.unescape(re.sub(r"<[^>]+>", "", broken))
    return "\n".join(line.strip() for line in plain.splitlines() if line.strip())


def name_status(status: str) -> str:
    """Return a status in words: ``at_risk`` is ``at risk``, ``no_data`` is ``no data``, ``info`` is ``note``."""
    return "note" if status == "info" else status.replace("_", " ")


def show_status(status: str) -> str:
    """Return a status as HTML: its word, with a color and a shape that say the same."""
    tone = STATUS_TONES.get(status, "open")
    return f'<span class="mops-status mops-is-{tone}">{html.escape(name_status(status))}</span>'
