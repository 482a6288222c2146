"""The whole report in one file, to attach to a mail: every page, style, script and chart, nothing beside it.

It is made from the finished site, so it shows what the site shows, whichever way its pages came about.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from mopsnb.disk import writing
from mopsnb.run.publish import SINGLE_FILE
from mopsnb.run.relocation import Move, make_anchor
from mopsnb.steps import GROUPS, Step

_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*(">)')
_STYLE = re.compile(r'<link rel="stylesheet" href="(assets/[\w.-]+)">')
_SCRIPT = re.compile(r'<script(?: defer)? src="(assets/[\w.-]+)"></script>')
_FILES = re.compile(r'<div class="files">.*?</div>', re.DOTALL)  # figures as files stay where the report is
_CONTENTS = re.compile(r'<nav class="contents-phone" aria-label="On this page">(.*?)</nav>', re.DOTALL)
_MAIN = '<main id="main" class="home" tabindex="-1">'
_ARTICLE = '<article class="report">'


def write_single_file(site: Path, steps: Sequence[Step]) -> Path:
    """Write ``report.html``: the first page of a finished site and its other pages below it.

    Parameters
    ----------
    site
        The folder of the site, with its pages and assets.
    steps
        The steps in the order of their pages. One without a page is left out.

    Returns
    -------
    pathlib.Path
        The file. Its bytes are the same for the same site.

    Raises
    ------
    OutputError
        The site cannot be read or the file cannot be written.
    """
    path = site / SINGLE_FILE
    with writing("the report", site.parent):  # the site is still being built in a hidden folder
        first = (site / "index.html").read_text(encoding="utf-8")
        pages = {step: _read(site / f"{step.slug}.html") for step in steps}
        found = {step: page for step, page in pages.items() if page}
        scripts = {name: (site / name).read_text(encoding="utf-8") for name in _list_scripts([first, *found.values()])}
        style = "\n".join((site / name).read_text(encoding="utf-8") for name in _STYLE.findall(first))
        text = _compose(first, found, style, scripts)
        partial = path.with_name(f".{path.name}.partial")
        partial.write_bytes(text.encode())
        partial.replace(path)
    return path


def make_policy(style: str, scripts: Iterable[str]) -> str:
    """Return a Content-Security-Policy that lets these scripts run, this style apply, and nothing else.

    Parameters
    ----------
    style, scripts
        What stands between the tags, to the byte.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(_hash(script) for script in scripts)}",
            f"style-src-elem {_hash(style)}",
            "style-src-attr 'unsafe-inline'",  # Vega sets style attributes; they can hide or color, never run or send
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _compose(first: str, pages: dict[Step, str], style: str, scripts: dict[str, str]) -> str:
    names = [step.slug for step in pages]
    early, *late = [_defuse(script) for script in scripts.values()]
    style = style.replace("</", "<\\/")
    head, start, body = _STYLE.sub("", _SCRIPT.sub("", first)).partition("</head>")
    head = _POLICY.sub(lambda found: f"{found[1]}{escape(make_policy(style, [early, *late]))}{found[2]}", head)
    body, end, foot = Move(names).apply(body).rpartition("</main>")
    body = body.replace(_MAIN, f'{_list_pages(pages)}<main id="main" class="whole" tabindex="-1"><div class="home">', 1)
    foot, close, rest = foot.rpartition("</body>")
    return "".join(
        (
            f"{head.rstrip()}\n<style>{style}</style>\n<script>{early}</script>\n{start}{body}</div>\n",
            *(_place(step, page, names) for step, page in pages.items()),
            end,
            foot,
            *(f"<script>{script}</script>\n" for script in late),
            close,
            rest,
        )
    )


def _list_pages(pages: Iterable[Step]) -> str:
    items = "".join(f'<li><a href="#{make_anchor(step.slug)}">{escape(step.title)}</a></li>' for step in pages)
    return f'<nav class="parts" aria-label="In this file"><ul>{items}</ul></nav>\n' if items else ""


def _place(step: Step, page: str, names: Sequence[str]) -> str:
    article = page.partition(_ARTICLE)[2].rpartition("</article>")[0]
    move = Move(names, step.slug)
    listed = _CONTENTS.search(page)
    contents = move.apply(listed[1]) if listed else ""
    crumbs = f'<a href="#main">First page</a> <span aria-hidden="true">/</span> {escape(GROUPS[step.group])}'
    return (
        f'<div class="part" id="{make_anchor(step.slug)}" tabindex="-1">\n<p class="crumbs">{crumbs}</p>\n'
        f'<nav class="contents-phone contents-part" aria-label="On the page {escape(step.title)}">{contents}</nav>\n'
        f"{_ARTICLE}{move.apply(_FILES.sub('', article))}</article>\n</div>\n"
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _list_scripts(pages: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for page in pages for name in _SCRIPT.findall(page)))


def _defuse(script: str) -> str:
    # Inside a script element these would end it or begin a comment.
    return re.sub(r"<(?=/script|script|!--)", r"\\x3c", script, flags=re.IGNORECASE)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
