"""What a reader should know about email data: unsubscribes that no email explains, totals that no metric reads."""

from __future__ import annotations

from collections.abc import Collection

from mopsnb.data.catalogue import Metric
from mopsnb.data.connection import Connection
from mopsnb.data.sql import quote_text
from mopsnb.data.wording import count_of
from mopsnb.findings import Finding, make_id

MONTHS = 12  # looked at for unsubscribers who were sent nothing
FEW = 10  # unsubscribers below which their share says nothing
_FIX = "Check that sent and unsubscribe events come from the same export, of the same days, with the same contact ids."


def find_strangers(connection: Connection, churn: Metric, time_zone: str) -> list[Finding]:
    """Return a finding where unsubscribes and sent emails do not fit together: an incomplete or mismatched export.

    One is about months in which more contacts unsubscribed than were sent email, so that the email churn rate
    exceeds 100 %. The other is about unsubscribers of the last 12 months with data of whom fewer than half were sent
    an email in the month in which they left or in the month before.

    Parameters
    ----------
    connection
        Holds the typed view ``email_event``.
    churn
        The metric ``email_churn_rate``: it says who counts as an unsubscriber and who as a recipient.
    time_zone
        Where months begin, an IANA name.
    """
    if churn.denominator is None:
        return []
    left, sent, relation = churn.numerator[0].where, churn.denominator.where, churn.numerator[0].relation
    month = f"DATE_TRUNC('month', timezone({quote_text(time_zone)}, {relation.time}))"
    # Two stages, as for the metric itself: what a contact did in a month, then how many did so.
    moves = f"""
        SELECT {month} AS month, contact_id, MAX(CASE WHEN {sent} THEN 1 ELSE 0 END) AS was_sent,
          MAX(CASE WHEN {left} THEN 1 ELSE 0 END) AS has_left
        FROM email_event WHERE ({relation.where}) AND (({sent}) OR ({left}))
    """
    leavers = f"SELECT contact_id FROM email_event WHERE ({relation.where}) AND ({left})"
    return [
        *_find_excess(connection, f"{moves} GROUP BY 1, 2"),
        *_find_unsent(connection, f"{moves} AND contact_id IN ({leavers}) GROUP BY 1, 2"),
    ]


def _find_excess(connection: Connection, people: str) -> list[Finding]:
    rows = connection.execute(
        f"""
        SELECT STRFTIME(month, '%Y-%m'), SUM(has_left), SUM(was_sent) FROM ({people}) AS people
        GROUP BY month HAVING SUM(has_left) > SUM(was_sent) AND SUM(was_sent) > 0
        ORDER BY SUM(has_left) / NULLIF(SUM(was_sent), 0) DESC, month
        """
    ).fetchall()
    if not rows:
        return []
    month, left, sent = rows[0][0], int(rows[0][1]), int(rows[0][2])
    worst = f"{count_of(left, 'contact')} unsubscribed, {sent:,} {'was' if sent == 1 else 'were'} sent email"
    return [
        Finding(
            make_id("metrics", "more unsubscribed than sent"),
            "warning",
            f"In {count_of(len(rows), 'month')} more contacts unsubscribed than were sent email, "
            "so the email churn rate exceeds 100 %",
            f"{'The worst is' if len(rows) > 1 else 'It is'} {month}: {worst}.",
            _FIX,
            where="email_event",
        )
    ]


def _find_unsent(connection: Connection, people: str) -> list[Finding]:
    query = f"""
        WITH leavers AS (
          {people}
        ), reached AS (
          SELECT month, has_left, MAX(was_sent) OVER (
            PARTITION BY contact_id ORDER BY month RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND CURRENT ROW
          ) AS was_sent FROM leavers
        )
        SELECT COUNT(*), SUM(was_sent) FROM reached
        WHERE has_left = 1 AND month > (SELECT MAX(month) FROM leavers) - INTERVAL '{MONTHS}' MONTH
    """
    total, known = connection.execute(query).fetchall()[0]
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
