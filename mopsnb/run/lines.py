"""The lines of the first page: everything on it, as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mopsnb.run.markup import make_slug


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence on the state, and where the details are: a section of the page, or another page; empty: none."""

    text: str
    anchor: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal on the first page.

    Parameters
    ----------
    statement, owner, deadline, reason
        As text for people.
    status, status_words
        The status for the style sheet, and in words.
    actual, aim
        Where the goal stands and where it wants to be: ``108,000`` and ``of 150,000``; ``–`` where missing.
    filled, due
        How far the goal is and how far it should be, as shares from 0 to 1 of the way
        from baseline to target; None where that cannot be said, or the goal has ended.
    pace
        Where the goal should be by now, in words; empty where ``due`` is None.
    progress
        The same in words, for who does not see the bar.
    chance, is_unlikely
        The probability that it is reached, in words, and whether that is less than one half; empty and false where
        nothing is forecast.
    """

    statement: str
    owner: str
    deadline: str
    status: str
    status_words: str
    actual: str
    aim: str
    filled: float | None
    due: float | None
    pace: str
    progress: str
    reason: str
    chance: str = ""
    is_unlikely: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One headline figure. ``usual`` says whether it lies inside its usual range, else how sure it is; may be empty."""

    title: str
    value: str
    period: str
    change: str
    usual: str
    target: str
    status: str
    status_words: str
    target_word: str = "Target"


@dataclass(frozen=True, slots=True)
class CardGroup:
    """The headline figures of one page: those that are shown, and those that are folded away."""

    slug: str
    title: str
    cards: Sequence[Card]
    more: Sequence[Card] = ()


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding, with the page that it comes from.

    Parameters
    ----------
    severity, title, evidence, fix
        As the finding has them.
    owner
        The name; of whom coordinates where the finding names nobody, and that is said.
    page, page_title
        Where it comes from.
    is_new
        Whether the previous run did not have it.
    period
        The time that its evidence speaks of, in words.
    is_result, due
        Whether a goal, a promise or money is off its mark; the last day to act, if there is one.
    also
        What else concerns the same goal, agreement or area.
    section, cost
        The heading on the page under which its rows are listed, and what is known of its cost, in a sentence; either
        may be empty.
    """

    severity: str
    title: str
    evidence: str
    fix: str
    owner: str
    page: str
    page_title: str
    is_new: bool
    period: str = ""
    is_result: bool = False
    due: date | None = None
    also: Sequence[FindingLine] = ()
    section: str = ""
    cost: str = ""

    @property
    def address(self) -> str:
        """Where on the site its rows are listed: the heading on its page, else the page."""
        return f"{self.page}.html#{make_slug(self.section)}" if self.section else f"{self.page}.html"


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody must decide now: a finding, and the day by which, in words."""

    finding: FindingLine
    by: str


@dataclass(frozen=True, slots=True)
class PageLine:
    """One page in the list of pages."""

    slug: str
    title: str
    question: str
    status: str
    status_words: str


@dataclass(frozen=True, slots=True)
class Index:
    """Everything on the first page, as text for people.

    Parameters
    ----------
    state
        Where the team stands, in one or two sentences.
    is_empty
        Whether no page has data yet.
    brief
        A paragraph to forward, in plain text; may be empty.
    goals
        Running goals, worst first, then those without data or not started.
    ended
        Goals that are missed or met.
    cards
        Headline figures by page.
    decisions
        What to decide first, and by when.
    is_calm
        Whether no goal, promise or budget is off its mark.
    findings, more
        The other errors and warnings, most severe first; ``more`` is folded away.
    notes
        Findings that are good to know.
    has_previous
        Whether there was a run before, to compare with.
    new
        How many findings the previous run did not have.
    resolved
        What the previous run found and this one does not.
    groups
        All pages by group: (group title, pages).
    """

    state: Sequence[Sentence]
    is_empty: bool = False
    brief: str = ""
    goals: Sequence[GoalLine] = ()
    ended: Sequence[GoalLine] = ()
    cards: Sequence[CardGroup] = ()
    decisions: Sequence[Decision] = ()
    is_calm: bool = False
    findings: Sequence[FindingLine] = ()
    more: Sequence[FindingLine] = ()
    notes: Sequence[FindingLine] = ()
    has_previous: bool = False
    new: int = 0
    resolved: Sequence[str] = ()
    groups: Sequence[tuple[str, Sequence[PageLine]]] = ()
