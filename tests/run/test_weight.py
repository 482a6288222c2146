"""What a report weighs as one file: ten charts in less than two megabytes, and little for each further one."""

import re

import altair as alt
import numpy as np
import pandas as pd
import pytest
import site_samples as samples
from nbformat import v4

from mopsnb.run.single_file import write_single_file
from mopsnb.run.site import ExecutedStep, write_index, write_pages
from mopsnb.steps import find_step
from mopsnb.view.columns import Column
from mopsnb.view.figure import chart

pytestmark = pytest.mark.slow

TEN_CHARTS = 1_900_000  # bytes
FURTHER_CHART = 90_000
MONTHS, SERIES = 36, ("Email", "Paid search", "Paid social", "Display advertising", "Events", "Print and mailings")


def make_reference_chart(seed):
    """Return the output of a cell with six lines over three years, each value with all its digits."""
    random = np.random.default_rng(seed)
    months = pd.date_range("2023-10-01", periods=MONTHS, freq="MS")
    frame = pd.DataFrame(
        {
            "month": np.tile(months.strftime("%Y-%m-%d"), len(SERIES)),
            "channel": np.repeat(SERIES, MONTHS),
            "cost": random.uniform(20, 400, MONTHS * len(SERIES)),
        }
    )
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True))
    y = alt.Y("cost:Q", title="Cost per lead in US dollars", axis=alt.Axis(format="$,.2f"))
    drawn = alt.Chart(frame).mark_line().encode(x=x, y=y, color=alt.Color("channel:N", title=None))
    figure = chart(
        drawn.encode(tooltip=["month:T", "channel:N", "cost:Q"]),
        title=f"Email stayed the cheapest source of leads in region {seed}",
        alt=f"Region {seed}: six lines over 36 months; email is the lowest in most of them.",
        data=frame,
        columns={
            "month": Column("Month", "month"),
            "channel": Column("Channel"),
            "cost": Column("Cost", "currency", "USD"),
        },
        reading="A lead from email cost less than one from any other channel in 30 of 36 months.",
    )
    return v4.new_output("display_data", figure._repr_mimebundle_())


@pytest.fixture(scope="module")
def weigh(tmp_path_factory):
    """Write a report whose page has so many charts, and return it as one file."""
    outputs = [make_reference_chart(seed) for seed in range(11)]

    def write(count):
        site = tmp_path_factory.mktemp(f"charts-{count}")
        cells = [v4.new_markdown_cell("# What do our numbers say?\n\nFor the marketing lead.")]
        for place, output in enumerate(outputs[:count]):
            cells += [v4.new_markdown_cell(f"## Region {place}"), samples.code("view.chart(...)", output)]
        step = find_step("metrics")
        pages = [ExecutedStep(step, samples.make_notebook(cells), samples.make_result("metrics"), "ok")]
        context = samples.make_context(pages)
        write_pages(site, pages, context)
        write_index(site, context)
        return write_single_file(site, [step])

    return write


def test_ten_charts_and_each_further_one_stay_light(weigh):
    ten, eleven = weigh(10), weigh(11)
    assert ten.read_text().count('class="chart-spec"') == 10
    assert ten.stat().st_size <= TEN_CHARTS
    assert eleven.stat().st_size - ten.stat().st_size <= FURTHER_CHART


def test_reference_chart_keeps_picture_data_and_every_row(weigh):
    text = re.search(r"<figure.*</figure>", weigh(1).read_text(), re.DOTALL)[0]
    assert text.count('<div class="chart-still"><svg') == 1
    assert text.count("<tr>") == MONTHS * len(SERIES) + 1
    assert text.count('"cost":') == MONTHS * len(SERIES)
