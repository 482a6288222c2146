"""One page of each kind that a report has, written for the tests of a reader's browser."""

import site_samples as samples

from mopsnb.run.single_file import write_single_file
from mopsnb.run.site import ExecutedStep, write_index, write_pages
from mopsnb.steps import find_step

NAMES = ("first page", "goals", "metrics", "stopped", "first page of a failed run", "unread", "no data", "first steps")
NAMES += ("single file", "single file of a failed run")


def write_kinds(folder):
    """Write a good site, a failed one and an empty one, and return a page of each kind by its name."""
    good = _write(folder / "good", samples.make_steps())
    failed = _write(folder / "failed", samples.make_steps(failed=True), is_sample=True)
    result = samples.make_result("metrics", status="no_data")
    empty = [ExecutedStep(find_step("metrics"), samples.make_notebook([]), result, "no_data")]
    bare = _write(folder / "empty", empty, data_through=None, as_of=None)
    unread = [ExecutedStep(find_step("goals"), None, None, "failed", f"goals.ipynb holds {samples.EVIL}.")]
    return {
        "first page": good / "index.html",
        "goals": good / "goals.html",
        "metrics": good / "metrics.html",
        "stopped": failed / "metrics.html",
        "first page of a failed run": failed / "index.html",
        "unread": _write(folder / "unread", unread) / "goals.html",
        "no data": bare / "metrics.html",
        "first steps": bare / "index.html",
        "single file": good / "report.html",
        "single file of a failed run": failed / "report.html",
    }


def _write(folder, steps, **changes):
    folder.mkdir()
    context = samples.make_context(steps, **changes)
    samples.fill_results(folder, steps)
    write_pages(folder, steps, context)
    write_index(folder, context)
    write_single_file(folder, [page.step for page in steps])
    return folder
