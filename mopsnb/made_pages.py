"""Pages of which one part is made by a program and the rest is written by people."""

from __future__ import annotations


def replace_part(page: str, begin: str, end: str, part: str) -> str:
    r"""Return a page with the part between its two marks made anew.

    Parameters
    ----------
    page
        The page as it is.
    begin, end
        The marks; they stay.
    part
        What stands between them.

    Raises
    ------
    ValueError
        The page has no such marks.

    Examples
    --------
    >>> replace_part("Tools: (old) Bye.", "(", ")", "new").replace("\n", "")
    'Tools: (new) Bye.'
    """
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the page lacks the marks {begin} and {end}, between which the part stands")
    return f"{before}{begin}\n\n{part}\n\n{end}{after}"
