"""Executed notebooks and results made by hand, for the tests of the report site."""

import json
from datetime import date

import altair as alt
import nbformat
import pandas as pd
from nbformat import v4
from site_answers import EVIL, FINDINGS, HEADLINES, make_goals

from mopsnb.run.site import ExecutedStep, SiteContext
from mopsnb.steps import find_step
from mopsnb.view.columns import Column
from mopsnb.view.figure import FIGURE_MIME, chart
from mopsnb.view.tables import table


def make_chart(kind="line"):
    """Return a Vega-Lite chart of two series over a year."""
    months = pd.date_range("2025-10-01", periods=12, freq="MS").strftime("%Y-%m-%d")
    frame = pd.DataFrame(
        [
            {"month": month, "series": series, "rate": rate + 0.0004 * ((place * 7) % 5)}
            for series, rate in (("Churn", 0.004), ("Unsubscribes", 0.002))
            for place, month in enumerate(months)
        ]
    )
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True))
    y = alt.Y("rate:Q", title="Share of recipients", axis=alt.Axis(format=".2%"))
    color = alt.Color("series:N", title=None)
    base = alt.Chart(frame).encode(x=x, y=y, color=color, tooltip=["series", "rate"])
    return base.mark_line(clip=True) if kind == "line" else base.mark_bar(clip=True), frame


def make_figure(title, kind="line", **more):
    """Return the output of a cell that shows a chart; ``more`` replaces parts of what the report reads."""
    drawn, frame = make_chart(kind)
    figure = chart(
        drawn,
        title=title,
        alt=f"{title}. Two lines over twelve months.",
        data=frame,
        columns={"month": Column("Month", "month"), "series": Column("Series"), "rate": Column("Rate", "percent")},
        reading="Churn stayed within its usual range in all but one month.",
    )
    data = figure._repr_mimebundle_()
    data[FIGURE_MIME] = data[FIGURE_MIME] | more
    return v4.new_output("display_data", data)


def make_table():
    """Return the output of a cell that shows a table of the view."""
    frame = pd.DataFrame({"channel": ["Search", EVIL], "spend": [1200.0, None], "note": ["A long remark " * 6, "–"]})
    columns = {"channel": Column("Channel"), "spend": Column("Spend", "currency", "USD"), "note": Column("Remark")}
    return v4.new_output("display_data", table(frame, caption="Spend by channel", columns=columns)._repr_mimebundle_())


def show(mime, value):
    """Return the output of a cell that shows one value."""
    return v4.new_output("display_data", {mime: value})


def code(source, *outputs, tags=(), count=1):
    """Return an executed code cell."""
    cell = v4.new_code_cell(source, execution_count=count, outputs=list(outputs))
    return cell | {"metadata": {"tags": list(tags)}}


def make_notebook(cells):
    """Return a notebook of these cells; the result is valid."""
    notebook = v4.new_notebook(cells=[nbformat.from_dict(cell) for cell in cells])
    nbformat.validate(notebook)
    return notebook


def make_metrics_notebook():
    """Return a page with prose, charts, tables and every kind of cell that stays hidden."""
    return make_notebook(
        [
            v4.new_markdown_cell(
                "# What do our numbers say?\n\nFor the marketing lead, each month. It decides which number needs a"
                " closer look before the next budget meeting: a figure of **$1,200** or one of **$9,000**."
            ),
            code(
                'months: int = 24  # months shown [1..60]\nas_of: str = ""  # ISO date\nworkspace: str = ""  # folder',
                tags=["parameters"],
            ),
            code("# Parameters\nmonths = 36\nworkspace = '/secret/place'\n", tags=["injected-parameters"]),
            code("import mopsnb", v4.new_output("stream", name="stderr", text="a warning of a library")),
            v4.new_markdown_cell("## Email churn\n\nOf those we wrote to, how many left?"),
            code("view.trend(churn)", make_figure("Email churn rose above its usual range in August")),
            code("view.say(...)", show("text/markdown", f"Churn of {EVIL} was **0.45%**; see [goals](goals.html).")),
            v4.new_markdown_cell("### Its neighbors\n\nOther ways to count the same."),
            code("view.trend(other)", make_figure("Unsubscribes follow churn", kind="bar")),
            code("slider", show("text/plain", "a slider"), tags=["interactive"]),
            v4.new_markdown_cell("## Email churn\n\nA heading that comes twice."),
            code(
                "table",
                show("text/html", '<table id="t"><caption>Rates</caption><tr><th scope="col">a</th></tr></table>'),
            ),
            code(
                "table",
                show("text/html", '<table id="t"><caption>Rates</caption><tr><th scope="col">b</th></tr></table>'),
            ),
            code("view.table(...)", make_table()),
            v4.new_markdown_cell("## What to do next"),
            code("result.save()", show("text/plain", "PosixPath('/secret/place')"), tags=["result"]),
        ]
    )


def make_goals_notebook():
    """Return a short page that ends well."""
    return make_notebook(
        [
            v4.new_markdown_cell("# What do we want for whom, and will we get there?\n\nFor the whole team."),
            code("view.chart()", make_figure("Two of five goals are on track")),
            v4.new_markdown_cell("## Next\n\nTalk to sales."),
        ]
    )


def make_failed_notebook():
    """Return a notebook that stopped in its second code cell."""
    error = v4.new_output(
        "error",
        ename="ZeroDivisionError",
        evalue="division by zero",
        traceback=["\x1b[31mZeroDivisionError\x1b[0m: division by zero"],
    )
    printed = v4.new_output("stream", name="stdout", text=f"reading {EVIL}\n")
    return make_notebook(
        [
            v4.new_markdown_cell("# What do our numbers say?\n\nFor the marketing lead."),
            code("import mopsnb"),
            v4.new_markdown_cell("## Email churn"),
            code("rate = 1 / 0", printed, error, count=2),
            v4.new_markdown_cell("## Spend"),
            code("view.trend(spend)", count=None),
            code("result.save()", count=None, tags=["result"]),
        ]
    )


def make_result(slug, status="ok", headline=(), findings=(), tables=None):
    """Return what a step's results file holds."""
    return {
        "schema_version": 1,
        "step": slug,
        "question": find_step(slug).question,
        "status": status,
        "as_of": "2026-09-30",
        "data_through": "2026-09-30",
        "headline": list(headline),
        "findings": list(findings),
        "tables": tables or {},
    }


def make_context(steps=(), **changes):
    """Return a context of a team that is not the sample company."""
    values = {
        "name": f"Nordlicht {EVIL}",
        "is_sample": False,
        "as_of": date(2026, 9, 30),
        "data_through": date(2026, 9, 30),
        "currency": "USD",
        "locale": "en_US",
        "stale_after_days": 3,
        "steps": steps,
    }
    return SiteContext(**(values | changes))


def make_steps(*, failed=False):
    """Return goals and metrics after their run."""
    goals = ExecutedStep(
        find_step("goals"),
        make_goals_notebook(),
        make_result("goals", findings=FINDINGS[:2], tables={"progress": "goals/progress.parquet"}),
        "ok",
    )
    if failed:
        metrics = ExecutedStep(find_step("metrics"), make_failed_notebook(), None, "failed", "")
    else:
        result = make_result("metrics", headline=HEADLINES, findings=FINDINGS[1:])
        metrics = ExecutedStep(find_step("metrics"), make_metrics_notebook(), result, "ok")
    return [goals, metrics]


def fill_results(site, steps):
    """Write the results files of steps into a site."""
    (site / "results" / "goals").mkdir(parents=True, exist_ok=True)
    make_goals().to_parquet(site / "results" / "goals" / "progress.parquet")
    for page in steps:
        if page.result:
            (site / "results" / f"{page.step.slug}.json").write_text(json.dumps(page.result))
