"""Figures that would count twice: the same days in another grain, under other ids, or within other periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mopsnb.data.importing.assembly import Assembly
from mopsnb.data.importing.layout import refuse
from mopsnb.data.sql import quote_name, quote_text

_FRESH = "remove data/{table}.parquet and import all files again"
SPLITS = {"channel_group": "channel", "source": "source", "campaign": "campaign"}  # how a file of visits splits them


@dataclass(frozen=True)
class Side:
    """Rows that stand on one side of a comparison.

    Parameters
    ----------
    relation
        A view, or a query in parentheses.
    columns
        Its columns.
    """

    relation: str
    columns: Sequence[str]

    def pick(self, name: str) -> str:
        """Return a column, or NULL where the rows have none."""
        return quote_name(name) if name in self.columns else "NULL"

    def spans(self, scope: Sequence[str], where: str = "true") -> str:
        """Return the query of each scope with the spans of days that its rows cover."""
        named = "".join(f"coalesce(CAST({self.pick(name)} AS VARCHAR), '') AS {quote_name(name)}, " for name in scope)
        last = f"coalesce({self.pick('period_end')}, date)"
        return f"SELECT DISTINCT {named}date AS first, CAST({last} AS DATE) AS last FROM {self.relation} WHERE {where}"


class Overlaps:
    """Looks for figures of one table that would count twice.

    Parameters
    ----------
    assembly
        Runs the queries.
    table
        ``ad_daily`` or ``web_daily``.
    file
        The file that is imported, for messages.
    """

    def __init__(self, assembly: Assembly, table: str, file: str) -> None:
        self.assembly, self.table, self.file = assembly, table, file
        self.scope = ("source", "campaign_id", "ad_group_id", "account_id") if table == "ad_daily" else ()

    def check_part(self, new: Side) -> None:
        """Refuse a file that holds totals of a period beside parts of it, or campaigns beside their ad groups.

        Raises
        ------
        DataError
            It does.
        """
        self._check_spans(new, new)
        if self.table == "ad_daily":
            self._check_levels(new, new)

    def check_rows(self, kept: Side, new: Side) -> None:
        """Refuse rows that say again what rows say that stay.

        Parameters
        ----------
        kept
            The rows of the table that are not replaced.
        new
            The rows of the file.

        Raises
        ------
        DataError
            They do.
        """
        self._check_spans(kept, new)
        if self.table == "ad_daily":
            self._check_levels(kept, new)
        else:
            self._check_splits(kept, new)

    def check_channels(self, kept: Side, new: Side) -> None:
        """Refuse figures that stay under one channel and come again under another, as a person named another.

        Raises
        ------
        DataError
            There are some.
        """
        same = " AND ".join(
            f"old.{name} IS NOT DISTINCT FROM new.{name}"
            for name in ("date", "campaign_id", "source", "ad_group_id", "account_id")
            if name in kept.columns and name in new.columns
        )
        clash = self.assembly.query(
            f"SELECT old.channel, new.channel FROM {kept.relation} AS old JOIN {new.relation} AS new ON {same} "
            f"WHERE old.channel <> new.channel ORDER BY ALL LIMIT 1"
        )
        if clash:
            seen = f"figures of the channel {clash[0][1]}, which ad_daily holds as {clash[0][0]}"
            fix = f"Both would count. Add --default channel={clash[0][0]}, or {_FRESH.format(table=self.table)}."
            raise refuse(self.file, seen, f"the channel {clash[0][0]}", fix)

    def check_replaced(self, old: Side, new: Side, same: str) -> None:
        """Refuse a row that would take the place of a total of a longer period.

        Raises
        ------
        DataError
            One would.
        """
        if not self._has_long(old):
            return
        last = "coalesce(new.period_end, new.date)" if "period_end" in new.columns else "new.date"
        self._raise_spans(
            f"SELECT old.date, old.period_end, new.date, {last} FROM {old.relation} AS old "
            f"JOIN {new.relation} AS new ON {same} WHERE old.period_end > {last} ORDER BY ALL LIMIT 1"
        )

    def _has_long(self, side: Side) -> bool:
        if "period_end" not in side.columns:
            return False
        return bool(self.assembly.query(f"SELECT 1 FROM {side.relation} WHERE period_end > date LIMIT 1"))

    def _check_spans(self, old: Side, new: Side) -> None:
        """Refuse a total of a period beside figures of some of its days."""
        near = " AND ".join(["true", *(self._near(name) for name in self.scope)])
        differ = "old.first <= new.last AND new.first <= old.last AND (old.first, old.last) <> (new.first, new.last)"
        for one, other in ((old, new), (new, old)):
            if self._has_long(one):
                longer, rest = one.spans(self.scope, "period_end > date"), other.spans(self.scope)
                left, right = (longer, rest) if one is old else (rest, longer)
                self._raise_spans(
                    f"SELECT old.first, old.last, new.first, new.last FROM ({left}) AS old "
                    f"JOIN ({right}) AS new ON {near} WHERE {differ} ORDER BY ALL LIMIT 1"
                )
            if old is new:
                return

    @staticmethod
    def _near(name: str) -> str:
        equal = f"old.{name} = new.{name}"
        return f"({equal} OR old.{name} = '' OR new.{name} = '')" if name == "account_id" else equal

    def _raise_spans(self, question: str) -> None:
        clash = self.assembly.query(question)
        if clash:
            (first, last, start, end) = clash[0]
            seen = f"figures of {_name_span(start, end)} beside those of {_name_span(first, last)}"
            fix = f"Both would count. Export the same days as before, or {_FRESH.format(table=self.table)}."
            raise refuse(self.file, seen, "figures that count each day once", fix)

    def _check_levels(self, old: Side, new: Side) -> None:
        """Refuse figures of a campaign beside those of its ad groups, and ad groups by name beside ad groups by id."""
        other = "name" if old is not new else "id"  # within a file all ad groups are told in one way
        numbers = "regexp_full_match(ad_group_id, '\\d+')"
        kind = f"CASE WHEN ad_group_id = '' THEN 'campaign' WHEN {numbers} THEN 'id' ELSE '{other}' END"
        scope = ("source", "campaign_id", "account_id", "ad_group_id")
        sides = [f"SELECT * EXCLUDE (ad_group_id), {kind} AS kind FROM ({side.spans(scope)})" for side in (old, new)]
        groups = [side for side in (old, new) if "ad_group_id" in side.columns]
        if not groups:
            return
        both = " UNION ALL ".join(f"SELECT source, campaign_id, kind FROM ({side})" for side in dict.fromkeys(sides))
        mixed = f"SELECT source, campaign_id FROM ({both}) GROUP BY ALL HAVING count(DISTINCT kind) > 1"
        if not self.assembly.query(f"{mixed} LIMIT 1"):
            return
        mixed_only = f"(source, campaign_id) IN ({mixed})"
        one, other = (f"SELECT * FROM ({side}) WHERE {mixed_only}" for side in sides)
        near = " AND ".join(self._near(name) for name in ("source", "campaign_id", "account_id"))
        clash = self.assembly.query(
            f"SELECT old.kind, new.kind, new.campaign_id FROM ({one}) AS old JOIN ({other}) AS new ON {near} "
            f"WHERE old.kind <> new.kind AND old.first <= new.last AND new.first <= old.last ORDER BY ALL LIMIT 1"
        )
        if clash:
            words = {"campaign": "the campaign as a whole", "id": "its ad groups", "name": "ad groups by name"}
            old_kind, new_kind, campaign = clash[0]
            seen = f"figures of {words[new_kind]} beside those of {words[old_kind]}, for campaign {campaign}"
            fix = f"Both would count. Leave the rows of one of them out, or {_FRESH.format(table=self.table)}."
            raise refuse(self.file, seen, "figures that count each day once", fix)

    def _check_splits(self, old: Side, new: Side) -> None:
        """Refuse visits by source for days of which the table holds visits by channel."""
        if "source_file" not in old.columns:
            return
        first, last = self.assembly.query(
            f"SELECT min(date), max(coalesce({new.pick('period_end')}, date)) FROM {new.relation}"
        )[0]
        inside = f"coalesce({old.pick('period_end')}, date) >= DATE {quote_text(str(first))}"
        inside += f" AND date <= DATE {quote_text(str(last))}"
        wanted = self._find_split(new, "true")[0][1]
        for file, split in self._find_split(old, inside):
            if split != wanted:
                seen = f"visits by {wanted} for days of which web_daily holds visits by {split} (from {file})"
                fix = f"Both would count. Leave one of them out, or {_FRESH.format(table=self.table)}."
                raise refuse(self.file, seen, f"visits by {split}", fix)

    def _find_split(self, side: Side, where: str) -> list[tuple[str, str]]:
        """Return each file of some rows, and by what it splits the visits."""
        tests = " ".join(f"WHEN count({side.pick(name)}) > 0 THEN '{word}'" for name, word in SPLITS.items())
        rows = self.assembly.query(
            f"SELECT {side.pick('source_file')} AS file, CASE {tests} ELSE 'day' END FROM {side.relation} "
            f"WHERE {where} GROUP BY ALL ORDER BY ALL"
        )
        return [(str(file), str(split)) for file, split in rows]


def _name_span(first: object, last: object) -> str:
    return f"{first}" if first == last else f"{first} to {last}"
