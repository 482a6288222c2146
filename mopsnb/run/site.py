"""The report site: pages, first page and assets, written from executed notebooks.

Everything on it is fixed by its input: no date of today, no random id. What
depends on the reader's clock, such as the data's age, is worked out in the
reader's browser by ``site.js``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from mopsnb.disk import refuse_write
from mopsnb.run.context import ExecutedStep, SiteContext
from mopsnb.run.drawings import EMPTY
from mopsnb.run.failure import Failure, describe_failure, mark_stop
from mopsnb.run.glossary import Word, find_words
from mopsnb.run.index import build_index
from mopsnb.run.markup import Heading
from mopsnb.run.report import Report, Used, folder, read_used, render_body, templates
from mopsnb.run.safe_html import show_controls
from mopsnb.run.vega import write_bundle
from mopsnb.steps import GROUPS, Step
from mopsnb.view.formats import Formats, is_known
from mopsnb.view.style import STYLE
from mopsnb.view.theme import dump_site_configs

# 'self' does not cover file: in every browser, and a page from a web server cannot load file: at all.
# Vega sets style attributes; they can hide or color, never run or send.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' file:",
        "style-src-elem 'self' file:",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' file: data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
SPOKEN = Heading(2, "words-on-this-page", "Words on this page")
MADE = Heading(2, "how-this-page-was-made", "How this page was made")


@dataclass(frozen=True, slots=True)
class _View:
    """What ``page.html.j2`` shows of one step."""

    step: Step
    group: str
    report: Report
    contents: Sequence[Heading]
    failure: Failure | None
    missing: SimpleNamespace | None
    facts: Sequence[tuple[str, str]]
    files: Sequence[str]
    parameters: Sequence[Used]
    formulas: Sequence[SimpleNamespace]
    words: Sequence[Word]
    before: Step | None
    after: Step | None


def write_pages(site: Path, pages: Sequence[ExecutedStep], context: SiteContext) -> None:
    """Write one page for each step, and the assets that they load.

    Parameters
    ----------
    site
        The folder of the site. ``results/`` may lie in it already.
    pages
        The steps to write.
    context
        What every page knows; its steps decide what comes before and after a page.

    Raises
    ------
    OutputError
        The folder cannot be written to.
    """
    try:
        names = _write_assets(site)
        for page in pages:
            view = _build_view(site, page, context)
            _write(site / f"{page.step.slug}.html", _render("page.html.j2", context, names, page=view, home=False))
    except OSError as error:
        raise refuse_write("the report", site.parent, error) from error


def write_index(site: Path, context: SiteContext) -> None:
    """Write the first page from the results of all steps.

    Parameters
    ----------
    site
        The folder of the site, with ``results/`` in it.
    context
        What every page knows.

    Raises
    ------
    OutputError
        The folder cannot be written to.
    """
    index = build_index(site / "results", context)
    try:
        names = _write_assets(site)
        _write(site / "index.html", _render("home.html.j2", context, names, index=index, home=True))
    except OSError as error:
        raise refuse_write("the report", site.parent, error) from error


def _build_view(site: Path, page: ExecutedStep, context: SiteContext) -> _View:
    failed = page.status == "failed"
    notebook = mark_stop(page.notebook) if page.notebook and failed else page.notebook
    report = render_body(notebook) if notebook else Report(EMPTY)
    result = page.result or {}
    words = find_words(report.body)
    order = [other.step for other in context.steps]
    at = order.index(page.step) if page.step in order else -1
    return _View(
        step=page.step,
        group=GROUPS[page.step.group],
        report=report,
        contents=[*report.contents, *([SPOKEN] if words else []), MADE],
        failure=_explain_failure(page) if failed else None,
        missing=_list_missing(page) if page.status == "no_data" else None,
        facts=_list_facts(page, context),
        files=_list_files(site, page.step.slug, result),
        parameters=read_used(page.notebook) if page.notebook else [],
        formulas=[_read_formula(item, context.formats) for item in result.get("headline", []) if item.get("formula")],
        words=words,
        before=order[at - 1] if at > 0 else None,
        after=order[at + 1] if 0 <= at < len(order) - 1 else None,
    )


def _explain_failure(page: ExecutedStep) -> Failure:
    if page.notebook is None:
        cause = page.error or "The notebook could not be read."
        return Failure(cause, "It stopped before its first cell.", "The page has no figures.")
    return describe_failure(page.notebook, page.error, page.cause)


def _list_missing(page: ExecutedStep) -> SimpleNamespace:
    findings = (page.result or {}).get("findings", [])
    return SimpleNamespace(tables=page.step.needs, findings=findings)


def _list_facts(page: ExecutedStep, context: SiteContext) -> list[tuple[str, str]]:
    tables = [*page.step.needs, *page.step.uses]
    facts = [
        ("Question", page.step.question),
        ("Data through", context.show_day(context.data_through)),
        ("Figures as of", context.show_day(context.as_of)),
        ("Money in", context.currency or ""),
        ("Reads", ", ".join(["the strategy file", *tables])),
    ]
    return [(name, value) for name, value in facts if value]


def _list_files(site: Path, slug: str, result: Mapping[str, Any]) -> list[str]:
    names = [f"{slug}.json", *result.get("tables", {}).values()] if result else []
    return [f"results/{name}" for name in names if (site / "results" / name).is_file()]


def _read_formula(item: Mapping[str, Any], formats: Formats) -> SimpleNamespace:
    # Results of an earlier version do not say what their base is in.
    shown = formats.value(item["n"], str(item.get("base_unit") or "count")) if is_known(item.get("n")) else ""
    base = f"base {shown}" if shown else ""
    low, high, unit = item.get("low"), item.get("high"), str(item.get("unit") or "")
    span = f"interval {formats.span(low, high, unit)}" if is_known(low) and is_known(high) else ""
    basis = ", ".join(part for part in (formats.period(item.get("period") or ""), base, span) if part)
    return SimpleNamespace(title=item.get("title", ""), words=item["formula"], basis=basis)


def _write_assets(site: Path) -> dict[str, str]:
    assets = site / "assets"
    site.mkdir(exist_ok=True)  # not what is above it: a workspace that was removed meanwhile stays away
    assets.mkdir(exist_ok=True)
    style = STYLE.strip().removeprefix("<style>").removesuffix("</style>")  # of the view's tables and cards
    _write(assets / "site.css", (folder() / "site.css").read_text(encoding="utf-8") + style)
    _write(assets / "site.js", (folder() / "site.js").read_text(encoding="utf-8"))
    _write(assets / "themes.js", f"window.mopsnbThemes = {dump_site_configs()};\n")
    return {"css": "site.css", "js": "site.js", "themes": "themes.js", "vega": write_bundle(assets)}


def _render(template: str, context: SiteContext, names: Mapping[str, str], **values: Any) -> str:
    through = context.show_day(context.data_through)
    html = (
        templates()
        .get_template(template)
        .render(
            context=context,
            assets=names,
            policy=POLICY,
            language="en",
            through=f"Data through {through}" if through else "No dated data yet",
            **values,
        )
    )
    return show_controls(html)


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(text.encode("utf-8", "replace"))  # a file name may hold bytes that are no text
    partial.replace(path)


__all__ = ["POLICY", "ExecutedStep", "SiteContext", "write_index", "write_pages"]
