"""What some files know about the rows of others, joined by declared columns so that no row is added or doubled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mopsnb.data.importing.assembly import Assembled, Assembly, add_up, list_names, refuse_clash
from mopsnb.data.importing.layout import refuse
from mopsnb.data.importing.model import Completion
from mopsnb.data.sql import quote_name

_MARKS = ("_whole", "_natural")
_PLACE = ("source", "source_file", "source_row")


def complete(assembly: Assembly, base: Assembled, others: Iterable[Assembled]) -> None:
    """Fill in what other files know about the rows of one.

    Parameters
    ----------
    assembly
        Makes the views.
    base
        The rows of the file that is filled in.
    others
        The rows of the files that know more.

    Raises
    ------
    DataError
        They have nothing to join by, or contradict themselves.
    """
    for other in sorted(others, key=lambda item: not any(name.startswith("_") for name in _completion(item).on)):
        rule = _completion(other)
        on = [name for name in rule.on if name in base.columns]
        if on != list(rule.on):
            missing = ", ".join(name for name in rule.on if name not in base.columns)
            raise refuse(
                other.part.shape.file, f"no {missing} in {base.part.shape.file}", "columns to join by", "Add them."
            )
        added = _condense(assembly, other, on)
        keep = {*on, *_MARKS, *_PLACE, *(other.part.shape.source.constants if rule.adds_rows else ())}
        news = [name for name in other.columns if name not in keep and not name.startswith("_")]
        news = [name for name in news if name not in {"currency", "period_start", "period_end", "date"}]
        same = " AND ".join(f"base.{quote_name(name)} IS NOT DISTINCT FROM news.{quote_name(name)}" for name in on)
        olds = ", ".join(
            f"coalesce(news.{quote_name(name)}, base.{quote_name(name)}) AS {quote_name(name)}"
            if name in news
            else f"base.{quote_name(name)}"
            for name in base.columns
        )
        extra = "".join(f", news.{quote_name(name)}" for name in news if name not in base.columns)
        sql = f"SELECT {olds}{extra} FROM {base.view} AS base LEFT JOIN {added} AS news ON {same}"
        unmatched = assembly.count(f"{added} AS news", f"NOT EXISTS (SELECT 1 FROM {base.view} AS base WHERE {same})")
        if unmatched:
            file, fate = base.part.shape.file, "added as rows of their own" if rule.adds_rows else "not used"
            other.part.notes.append(f"{unmatched:,} of {assembly.count(added):,} match no row of {file}; {fate}")
        if rule.adds_rows:
            known = f"SELECT 1 FROM {base.view} AS base WHERE {same}"
            alone = f"SELECT news.* FROM {added} AS news WHERE NOT EXISTS ({known})"
            sql = f"{sql} UNION ALL BY NAME {alone}"
        base.view = assembly.make_view(sql)
        base.columns = assembly.list_columns(base.view)


def _condense(assembly: Assembly, other: Assembled, on: Sequence[str]) -> str:
    """Return one row for each combination that is joined by."""
    shape = other.part.shape
    sums = [name for name in shape.measures if name in other.columns]
    rest = [name for name in other.columns if name not in {*on, *sums}]
    parts = [*(quote_name(name) for name in on), *(add_up(name, shape.table) for name in sums)]
    parts += [f"min({quote_name(name)}) AS {quote_name(name)}" for name in rest if not name.startswith("_")]
    if not shape.source.is_grouped:
        values = [name for name in rest if not name.startswith("_") and name not in _PLACE]
        several = " OR ".join(f"count(DISTINCT {quote_name(name)}) > 1" for name in values) or "false"
        rows = f"SELECT min(source_row), max(source_row) FROM {other.view}"
        clash = assembly.query(f"{rows} GROUP BY {list_names(on)} HAVING {several} LIMIT 1")
        if clash:
            raise refuse_clash(other.part, clash[0])
    return assembly.make_view(f"SELECT {', '.join(parts)} FROM {other.view} GROUP BY {list_names(on)}")


def _completion(item: Assembled) -> Completion:
    rule = item.part.shape.source.completes
    assert rule is not None
    return rule
