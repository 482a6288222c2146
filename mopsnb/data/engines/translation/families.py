"""Which expressions of a query are text or times, as far as names and functions tell."""

from __future__ import annotations

from sqlglot import exp

from mopsnb.data.engines.translation.meaning import UntranslatableError
from mopsnb.data.engines.translation.vocabulary import DAYS, INSTANTS, TEXTS

_TEXT = (exp.Trim, exp.Lower, exp.Upper, exp.DPipe, exp.TimeToStr)
_DAY = (exp.DateTrunc, exp.TimestampTrunc)
_CASTS = {"TEXT": "text", "VARCHAR": "text", "DATE": "day", "TIMESTAMPNTZ": "clock", "TIMESTAMPTZ": "instant"}
_NAMES = dict.fromkeys(TEXTS, "text") | dict.fromkeys(DAYS, "day") | dict.fromkeys(INSTANTS, "instant")
_TIMES = {"day", "clock", "instant"}


class Families:
    """The families of a query's expressions.

    They are ``text``, ``day``, ``clock`` (a time without a zone), ``instant``, or nothing that matters.

    Parameters
    ----------
    tree
        The query. Names that it gives itself count as what they stand for.
    """

    def __init__(self, tree: exp.Expr) -> None:
        self._tree = tree
        self._own: dict[str, list[exp.Expr]] = {}
        for alias in tree.find_all(exp.Alias):
            self._own.setdefault(alias.alias.casefold(), []).append(alias.this)

    def find(self, node: exp.Expr, seen: frozenset[str] = frozenset()) -> str:
        """Return the family of an expression."""
        node = node.unnest()
        if isinstance(node, exp.Column):
            name = node.name.casefold()
            if name in _NAMES:
                return _NAMES[name]
            sources = [] if name in seen else self._own.get(name, [])
            return next(filter(None, (self.find(source, seen | {name}) for source in sources)), "")
        if isinstance(node, exp.Cast):
            return _CASTS.get(node.to.this.name, "")
        if isinstance(node, exp.AtTimeZone):
            return "instant" if self.find(node.this, seen) in ("clock", "day") else "clock"
        if isinstance(node, _TEXT + _DAY) or node.is_string:
            return "day" if isinstance(node, _DAY) else "text"
        return next(filter(None, (self.find(one, seen) for one in _list_values(node))), "")

    def check_arithmetic(self) -> None:
        """Make sure that times are not added or subtracted, which gives days here and intervals there.

        Raises
        ------
        UntranslatableError
            They are.
        """
        for node in self._tree.find_all(exp.Add, exp.Sub):
            parts = list(node.iter_expressions())
            if _TIMES & set(map(self.find, parts)) and not isinstance(parts[1], exp.Interval):
                raise UntranslatableError(
                    f"{node.sql('duckdb')} calculates with times, which differs. Take EXTRACT(EPOCH FROM …) of each, "
                    "which is seconds, and divide by 86400 for days."
                )

    def check_joins(self) -> None:
        """Make sure that times are not joined to texts, which writes them in a form of each engine.

        Raises
        ------
        UntranslatableError
            They are.
        """
        for node in self._tree.find_all(exp.DPipe):
            for part in node.iter_expressions():
                if self.find(part) in _TIMES:
                    raise UntranslatableError(f"|| takes texts. Write CAST({part.sql('duckdb')} AS VARCHAR).")

    def list_local(self) -> list[exp.Expr]:
        """Return where AT TIME ZONE turns a time without a zone into an instant, and not the other way round."""
        return [node for node in self._tree.find_all(exp.AtTimeZone) if self.find(node) == "instant"]

    def list_shown(self) -> list[exp.Expr]:
        """Return where instants are turned into text."""
        casts = (node for node in self._tree.find_all(exp.Cast) if self.find(node) == "text")
        return [node for node in casts if self.find(node.this) == "instant"]


def _list_values(node: exp.Expr) -> list[exp.Expr]:
    """Return the parts of an expression that its value is one of."""
    if isinstance(node, exp.Case):
        return [*(branch.args["true"] for branch in node.args["ifs"]), *filter(None, [node.args.get("default")])]
    if isinstance(node, exp.Min | exp.Max | exp.Lag | exp.Lead | exp.Nullif | exp.Window | exp.Filter):
        return [node.this]
    if isinstance(node, exp.Coalesce | exp.Least | exp.Greatest):
        return [node.this, *node.expressions]
    return []
