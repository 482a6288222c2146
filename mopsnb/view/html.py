"""Outputs that are text: HTML and Markdown that is safe with names from data, and its plain form."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import mistune

# Notebooks typeset "$1,204 to $2,300" as mathematics unless the element asks them not to.
NO_MATH = "tex2jax_ignore mathjax_ignore"
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>&#+\-.!|~:@/=^])")
_BLOCKS = re.compile(r"</(?:p|li|h[1-6]|tr|div|dt|dd|caption)>|<br\s*/?>", re.IGNORECASE)

# Every rule has the weight of nothing (:where), so that a page's own style sheet always wins. The variables are those
# of the report, then of JupyterLab, then a plain value.
STYLE = """<style>
:where(.mops){--i:var(--ink,var(--jp-content-font-color1,#1b2026));--m:var(--muted,var(--jp-content-font-color2,#59636e));\
--l:var(--line,var(--jp-border-color2,#dde2e7));--g:var(--good,#1a7f3c);--w:var(--warn,#a86b00);--b:var(--bad,#d1323b);\
color:var(--i);font-family:var(--body,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif);\
font-size:.9375rem;line-height:1.5}
:where(.mops-cards){display:grid;grid-template-columns:repeat(auto-fill,minmax(min(13.5rem,100%),1fr));\
gap:1.75rem 2rem;list-style:none;margin:1.25rem 0 1.75rem;padding:0;max-width:none}
:where(.mops-card){border-top:1px solid var(--l);padding:.7rem 0 0;margin:0;min-width:0}
:where(.mops-card p){margin:0;color:var(--m);font-size:.875rem}
:where(.mops-card .mops-card-title){font-size:.9375rem;line-height:1.35}
:where(.mops-card .mops-card-value){font-size:1.85rem;font-weight:650;line-height:1.25;letter-spacing:-.02em;\
color:var(--i);font-variant-numeric:tabular-nums;margin:.1rem 0 .15rem}
:where(.mops-card .mops-card-formula){font-size:.8125rem;margin-top:.3rem}
:where(.mops-change){color:var(--i);font-weight:600}
:where(.mops-findings){list-style:none;margin:1.25rem 0 1.75rem;padding:0;max-width:none}
:where(.mops-finding){display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.15rem 1rem;padding:.9rem 0;margin:0;\
border-bottom:1px solid var(--l)}
:where(.mops-finding p){margin:0}
:where(.mops-finding .mops-finding-title){font-weight:600}
:where(.mops-finding-evidence,.mops-finding-meta){color:var(--m)}
:where(.mops-status){display:inline-flex;align-items:center;gap:.4em;font-weight:600;font-size:.875rem;\
white-space:nowrap;color:var(--m)}
:where(.mops-status)::before{content:"";width:.62em;height:.62em;flex:none;border-radius:50%;background:currentColor}
:where(.mops-is-good){color:var(--g)}:where(.mops-is-warn){color:var(--w)}:where(.mops-is-bad){color:var(--b)}
:where(.mops-is-warn)::before{border-radius:0;clip-path:polygon(50% 0,100% 100%,0 100%);width:.75em;height:.68em}
:where(.mops-is-bad)::before{border-radius:0;transform:rotate(45deg) scale(.88)}
:where(.mops-is-open)::before{box-sizing:border-box;background:none;border:2px solid currentColor}
:where(.mops-table){overflow-x:auto;margin:1.25rem 0 1.75rem}
:where(.mops-table table){border-collapse:collapse;border:0;margin:0;font-size:.9375rem;line-height:1.45;\
font-variant-numeric:tabular-nums;color:var(--i)}
:where(.mops-table caption){caption-side:top;text-align:left;color:var(--m);font-size:.875rem;padding:0 0 .5rem}
:where(.mops-table th,.mops-table td){padding:.45rem 1rem .45rem 0;text-align:left;vertical-align:top;border:0;\
border-bottom:1px solid var(--l);background:none;white-space:normal;max-width:28rem}
:where(.mops-table .gt_right){text-align:right}:where(.mops-table .gt_center){text-align:center}
:where(.mops-table thead th){color:var(--m);font-weight:600;font-size:.875rem;vertical-align:bottom}
:where(.mops-table tbody th){font-weight:500}
:where(.mops-missing){color:var(--m)}
:where(.mops-note){border-left:3px solid var(--l);padding:.2rem 0 .2rem 1rem;margin:1.25rem 0 1.75rem;max-width:70ch}
:where(.mops-note p){margin:0}
@media(max-width:34rem){:where(.mops-finding){grid-template-columns:minmax(0,1fr)}}
</style>
"""
STATUS_TONES = {
    **{"on_track": "good", "met": "good", "ok": "good"},
    **{"at_risk": "warn", "warning": "warn"},
    **{"behind": "bad", "missed": "bad", "error": "bad", "failed": "bad"},
    **{"not_started": "open", "no_data": "open", "info": "open"},
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
    """Return a status in words: ``at_risk`` is ``at risk``, ``no_data`` is ``no data``."""
    return status.replace("_", " ")


def show_status(status: str) -> str:
    """Return a status as HTML: its word, with a color and a shape that say the same."""
    tone = STATUS_TONES.get(status, "open")
    return f'<span class="mops-status mops-is-{tone}">{html.escape(name_status(status))}</span>'
