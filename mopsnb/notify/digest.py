"""The digest: what a marketing leader reads on a phone in one minute, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from mopsnb.notify.pictures import Picture
from mopsnb.notify.story import FailedStep, Figure, FindingItem, Story
from mopsnb.notify.wording import calm, count, shorten
from mopsnb.run.causes import EXIT_CODES

if TYPE_CHECKING:
    from jinja2 import Environment

SHOWN_FINDINGS = 5
SHOWN_FIGURES = 6
LONGEST_SUBJECT = 120
LONGEST_EVIDENCE, LONGEST_FIX = 200, 200
STATUS_WORDS = {"failed": "FAILED", "partial": "PARTLY FAILED", "killed": "FAILED", "stopped": "STOPPED"}
SEVERITY_WORDS = {"error": "Error", "warning": "Warning", "info": "Note"}
_TROUBLE = ("missed", "behind", "at_risk")


@dataclass(frozen=True, slots=True)
class Digest:
    """A message about one run.

    Parameters
    ----------
    subject
        Status, company, the worst thing: one line.
    html
        For mail clients: tables and inline styles, pictures by ``cid:``.
    text
        The same in plain text.
    brief
        A few lines for a chat.
    pictures
        The pictures that ``html`` shows.
    """

    subject: str
    html: str
    text: str
    brief: str
    pictures: Sequence[Picture] = ()


def write_digest(story: Story, pictures: Sequence[Picture] = (), link: str = "", why: str = "") -> Digest:
    """Write the message about a run.

    Parameters
    ----------
    story
        What there is to tell.
    pictures
        The charts to show.
    link
        Where the report is published; empty: the message names the run alone.
    why
        Why the message was sent, as a sentence.
    """
    values: dict[str, Any] = {
        "story": story,
        "subject": write_subject(story),
        "lead": _write_lead(story),
        "tone": _choose_tone(story),
        "meaning": EXIT_CODES.get(story.exit_code, "").partition(" (`")[0].removesuffix(".") + ".",
        "failures": group_failures(story.failures),
        "findings": [_shorten_finding(item) for item in story.urgent[:SHOWN_FINDINGS]],
        "rest": _count_rest(story),
        "goals": [goal for goal in story.goals if goal.status in _TROUBLE][:SHOWN_FIGURES],
        "figures": choose_figures(story.figures),
        "pictures": pictures,
        "severity_words": SEVERITY_WORDS,
        "link": link,
        "link_to": lambda step: link_page(link, step),
        "why": why,
    }
    html = _environment().get_template("digest.html.j2").render(values)
    text = _environment().get_template("digest.txt.j2").render(values)
    brief = _environment().get_template("brief.txt.j2").render(values)
    return Digest(values["subject"], html, text.strip() + "\n", calm(brief.strip()), pictures)


def write_subject(story: Story) -> str:
    """Return status, company and the worst thing in one line."""
    name = f"{story.workspace} (sample)" if story.is_sample else story.workspace
    if story.has_failed:
        more = f" and {len(story.failures) - 1} more" if len(story.failures) > 1 else ""
        gravest = next((item for item in story.failures if item.cause == story.cause), None)
        what = f": {gravest.title}{more}. {gravest.what}" if gravest and gravest.step else ""
        what = f": {gravest.what}" if gravest and not gravest.step else what
        word = "LEFT OUT" if story.is_left_out else STATUS_WORDS.get(story.status, "FAILED")
        return shorten(f"{word}: {name}{what}", LONGEST_SUBJECT)
    worst = f". {story.urgent[0].title}" if story.urgent else ""
    whole = f"{name}: {_write_lead(story)}{worst}"
    return whole if len(whole) <= LONGEST_SUBJECT else whole[: LONGEST_SUBJECT - 1].rsplit(" ", 1)[0] + "…"


def link_page(link: str, step: str) -> str:
    """Return where a step's page is published, beside the report's first page.

    Examples
    --------
    >>> link_page("https://reports.example.com/latest", "goals")
    'https://reports.example.com/latest/goals.html'
    >>> link_page("https://reports.example.com/latest/index.html", "goals")
    'https://reports.example.com/latest/goals.html'
    >>> link_page("https://reports.example.com/?report=7", "goals")
    'https://reports.example.com/?report=7'
    """
    parts = urlsplit(link)
    if not link or not step or parts.query or parts.fragment:
        return link  # who serves a report by a query does not serve its pages as files
    is_folder = "." not in parts.path.rpartition("/")[2]
    return urljoin(f"{link.rstrip('/')}/" if is_folder else link, f"{step}.html")


def group_failures(failures: Sequence[FailedStep]) -> list[FailedStep]:
    """Return failures with those together that happened alike, under the names of all their pages."""
    alike: dict[tuple[str, str, str], list[FailedStep]] = {}
    for item in failures:
        alike.setdefault((item.what, item.fix, item.error), []).append(item)
    return [replace(items[0], title=", ".join(item.title for item in items)) for items in alike.values()]


def choose_figures(figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures that have a status, those in trouble first; without any, the first few."""
    judged = sorted((item for item in figures if item.status), key=lambda item: item.status not in _TROUBLE)
    return (judged or list(figures[: SHOWN_FIGURES // 2]))[:SHOWN_FIGURES]


def _write_lead(story: Story) -> str:
    if story.is_left_out:
        return "A run was left out"
    if story.has_failed:
        pages = [item for item in story.failures if item.step]
        if pages and len(pages) < len(story.steps):
            return f"{len(pages)} of {count(len(story.steps), 'page')} stopped before the end"
        return "The run did not reach its end"
    if story.steps and all(step["status"] == "no_data" for step in story.steps):
        return "no data yet"
    urgent = len(story.urgent)
    if not urgent:
        return "nothing needs attention"
    new = sum(item.is_new for item in story.urgent)
    return f"{urgent} {'needs' if urgent == 1 else 'need'} attention" + (f", {new} new" if new else "")


def _choose_tone(story: Story) -> str:
    if story.has_failed or story.count("error"):
        return "bad"
    return "warn" if story.count("warning") else "good"


def _count_rest(story: Story) -> str:
    """Say what the message leaves out: findings that are not shown, notes, and what was resolved."""
    hidden = len(story.urgent) - SHOWN_FINDINGS
    notes = story.count("info")
    parts = [f"{hidden} more" if hidden > 0 else "", count(notes, "note") if notes else ""]
    listed = " and ".join(part for part in parts if part)
    sentences = [f"The report has {listed}." if listed else ""]
    sentences.append(f"{story.resolved} resolved since the run before." if story.resolved else "")
    return " ".join(sentence for sentence in sentences if sentence)


def _shorten_finding(item: FindingItem) -> FindingItem:
    return replace(item, evidence=shorten(item.evidence, LONGEST_EVIDENCE), fix=shorten(item.fix, LONGEST_FIX))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    from mopsnb.assets import folder

    return Environment(
        loader=FileSystemLoader(folder("templates") / "notify"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
