"""What a reader should know about email data: unsubscribes that no email explains, totals that no metric reads."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from mopsnb.data.catalogue import Metric
from mopsnb.data.connection import Connection
from mopsnb.data.measures import Series, read_measures
from mopsnb.data.metric_queries import fetch_rows
from mopsnb.data.months import Calendar
from mopsnb.data.relations import Measure, Relation
from mopsnb.data.sql import quote_text
from mopsnb.data.wording import count_of
from mopsnb.findings import Finding, make_id

MONTHS = 12  # looked at for unsubscribers who were sent nothing
FEW = 10  # unsubscribers below which their share says nothing
_FIX = "Check that sent and unsubscribe events come from the same export, of the same days, with the same contact ids."


def find_strangers(connection: Connection, churn: Metric, time_zone: str, as_of: date | None = None) -> list[Finding]:
    """Return a finding where unsubscribes and sent emails do not fit together: an incomplete or mismatched export.

    One is about months in which more contacts unsubscribed than were sent email, so that the email churn rate
    exceeds 100%. The other is about unsubscribers of the last 12 months with data of whom fewer than half were sent
    an email in the month in which they left or in the month before.

    Parameters
    ----------
    connection
        Holds the typed view ``email_event``.
    churn
        The metric ``email_churn_rate``: it says who counts as an unsubscriber and who as a recipient.
    time_zone
        Where months begin, an IANA name.
    as_of
        The last day that counts; None: that of the last event.
    """
    if churn.denominator is None:
        return []
    left, relation, zone = churn.numerator[0], churn.numerator[0].relation, ZoneInfo(time_zone)
    last = find_last(connection, relation, "TRUE")
    if last is None:
        return []
    calendar = Calendar(zone, as_of or last.astimezone(zone).date())
    found = read_measures(connection, (left, churn.denominator), calendar)
    return [
        *_find_excess(found[left.name], found[churn.denominator.name]),
        *_find_unsent(connection, left, churn.denominator, zone),
    ]


def find_last(connection: Connection, relation: Relation, where: str) -> datetime | None:
    """Return the last moment of the rows of a relation that fulfill a condition; None where there is none."""
    query = (
        f"SELECT EXTRACT(EPOCH FROM MAX({relation.time})) FROM {relation.rows} WHERE ({relation.where}) AND ({where})"
    )
    seconds = fetch_rows(connection, query, {})[0][0]
    return None if seconds is None else datetime.fromtimestamp(float(seconds), UTC)


def _find_excess(left: Series, sent: Series) -> list[Finding]:
    known = {month: (int(left.get(month) or 0), int(number)) for month, number in sent.items() if number}
    months = sorted(
        ((month, *pair) for month, pair in known.items() if pair[0] > pair[1]),
        key=lambda row: (-Fraction(row[1], row[2]), row[0]),
    )
    if not months:
        return []
    month, gone, reached = months[0]
    worst = f"{count_of(gone, 'contact')} unsubscribed, {reached:,} {'was' if reached == 1 else 'were'} sent email"
    return [
        Finding(
            make_id("metrics", "more unsubscribed than sent"),
            "warning",
            f"In {count_of(len(months), 'month')} more contacts unsubscribed than were sent email, "
            "so the email churn rate exceeds 100%",
            f"{'The worst is' if len(months) > 1 else 'It is'} {month:%Y-%m}: {worst}.",
            _FIX,
            where="email_event",
        )
    ]


def _find_unsent(connection: Connection, left: Measure, sent: Measure, zone: ZoneInfo) -> list[Finding]:
    relation = left.relation
    last = find_last(connection, relation, left.where)
    if last is None:
        return []
    # No earlier row matters: the last month of whoever left is at least the one of the last unsubscribe.
    first = last.astimezone(zone).date().replace(day=1) - timedelta(days=31 * (MONTHS + 2))
    month = f"DATE_TRUNC('month', timezone({quote_text(zone.key)}, {relation.time}))"
    query = f"""
        WITH leavers AS (
          SELECT {month} AS month, contact_id, MAX(CASE WHEN {sent.where} THEN 1 ELSE 0 END) AS was_sent,
            MAX(CASE WHEN {left.where} THEN 1 ELSE 0 END) AS has_left
          FROM {relation.rows}
          WHERE ({relation.where}) AND {relation.time} >= $first AND (({sent.where}) OR ({left.where}))
            AND contact_id IN (SELECT contact_id FROM {relation.rows} WHERE ({relation.where}) AND ({left.where}))
          GROUP BY 1, 2
        ), reached AS (
          SELECT month, has_left, MAX(was_sent) OVER (
            PARTITION BY contact_id ORDER BY month RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND CURRENT ROW
          ) AS was_sent FROM leavers
        )
        SELECT COUNT(*), SUM(was_sent) FROM reached
        WHERE has_left = 1 AND month > (SELECT MAX(month) FROM leavers) - INTERVAL '{MONTHS}' MONTH
    """
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    total, known = fetch_rows(connection, query, {"first": begin})[0]
    if total < FEW or 2 * known >= total:
        return []
    return [
        Finding(
            make_id("metrics", "unsubscribed without email"),
            "warning",
            "Most contacts who unsubscribed were sent no email, as far as the email data tells",
            f"In the {MONTHS} months up to the last unsubscribe: {total:,} unsubscribed, {known:,} of them were sent "
            "an email in the same month or the month before.",
            _FIX,
            where="email_event",
        )
    ]


def find_sends(tables: Collection[str]) -> list[Finding]:
    """Return a finding where totals of sends stand in for events, or beside them.

    Parameters
    ----------
    tables
        The tables that the workspace holds.
    """
    if "email_send_summary" not in tables:
        return []
    alone = "email_event" not in tables
    title = "Email is known by totals of sends alone" if alone else "Totals of sends stand beside events of email"
    evidence = "Metrics 'of sends' read email_send_summary; all other metrics of email count events, each person once."
    fix = "For the email churn rate import the events of the email tool, by a connector; mopsnb sources lists them."
    if not alone:
        fix = "Set goals on one of the two. The same send may be in both tables, so their figures never add up."
    made = make_id("metrics", "totals of sends")
    return [Finding(id=made, severity="info", title=title, evidence=evidence, fix=fix, where="email_send_summary")]
