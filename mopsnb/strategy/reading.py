"""Read strategy.yml, and say everything that is wrong with it at once."""

from __future__ import annotations

from pathlib import Path

from mopsnb.errors import StrategyError
from mopsnb.strategy.forms import Form, parse_form, read_form
from mopsnb.strategy.links import check_links
from mopsnb.strategy.models import Strategy

_FORM = Form(Strategy, "strategy file", StrategyError, check_links, "goals", "Run 'mopsnb init' to get a blank file.")


def read_strategy(path: str | Path) -> Strategy:
    """Read a strategy file.

    Parameters
    ----------
    path
        The file, by custom ``strategy.yml`` in the workspace's folder.

    Returns
    -------
    Strategy
        The file's content, checked; frozen.

    Raises
    ------
    StrategyError
        The file cannot be read or has faults: all of them, in the order of the file's lines.
    """
    return read_form(Path(path), _FORM)


def parse_strategy(text: str, name: str = "strategy.yml") -> Strategy:
    r"""Read the text of a strategy file.

    Parameters
    ----------
    text
        YAML 1.2.
    name
        The file's name, for the messages.

    Returns
    -------
    Strategy
        The text's content, checked; frozen.

    Raises
    ------
    StrategyError
        The text has faults: all of them, in the order of its lines.

    Examples
    --------
    >>> parse_strategy("version: 1\norganization: {holidays: NO}").organization.holidays
    'NO'
    """
    return parse_form(text, name, _FORM)
