"""What a reader should know about the data behind the metrics, as findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from mopsnb.data.catalogue import Catalogue, read_catalogue
from mopsnb.data.connection import Connection
from mopsnb.data.email_cautions import find_strangers
from mopsnb.data.metric_queries import find_tables
from mopsnb.data.plain_rows import find_plain
from mopsnb.findings import Finding, make_id, sort_findings

ALIKE = Decimal("0.02")  # booked and reported spend this close to each other are probably the same money


def find_cautions(
    connection: Connection, catalogue: Catalogue, time_zone: str = "UTC", as_of: date | None = None
) -> list[Finding]:
    """Return what limits the metrics of a workspace: one finding a cause, the most severe first.

    Parameters
    ----------
    connection
        As for `mopsnb.data.metrics.compute_monthly`.
    catalogue
        As `mopsnb.data.metrics.read_catalogue` returns it.
    time_zone
        Where months begin, an IANA name.
    as_of
        The last day that counts; None: that of the last event.
    """
    present = set(find_tables(connection))
    # What is wrong with the data stays so where a workspace replaces a metric.
    known = read_catalogue() if any(metric.replaces for metric in catalogue.values()) else catalogue
    checks: tuple[tuple[set[str], Callable[[], list[Finding]]], ...] = (
        ({"email_event"}, lambda: find_fallbacks(connection)),
        ({"email_event"}, lambda: find_strangers(connection, known["email_churn_rate"], time_zone, as_of)),
        ({"ad_daily"}, lambda: find_left_out(connection, known)),
        ({"ad_daily", "spend_actual"}, lambda: find_double_count(connection, known)),
        ({"deal"}, lambda: find_incomplete_deals(connection)),
    )
    return sort_findings(finding for needs, check in checks if needs <= present for finding in check())


def find_fallbacks(connection: Connection) -> list[Finding]:
    """Return the email sources that report no sent, or no delivered, emails.

    Without ``sent`` events a source's ``delivered`` events stand in for them in the email churn rate, the hard
    bounce rate and the number of emails sent. Without ``delivered`` events there is no base for clicks.
    """
    rows = _fetch(
        connection,
        """
        SELECT source, SUM(CASE WHEN event_type = 'sent' THEN 1 ELSE 0 END),
          SUM(CASE WHEN event_type = 'delivered' THEN 1 ELSE 0 END),
          SUM(CASE WHEN event_type = 'click' THEN 1 ELSE 0 END)
        FROM email_event WHERE NOT COALESCE(is_bot, FALSE) GROUP BY source ORDER BY source NULLS FIRST
        """,
    )
    found = []
    for source, sent, delivered, clicks in rows:
        name = f"The email source '{source}'" if source else "The email data"
        if not sent and delivered:
            found.append(
                Finding(
                    id=make_id("metrics", "no sent events", source or "unnamed"),
                    severity="info",
                    title=f"{name} reports no sent emails, so its delivered emails stand in for them",
                    evidence=f"0 sent events, {delivered:,} delivered events. "
                    "This concerns the email churn rate, the hard bounce rate and the number of emails sent.",
                    fix="Export sent events as well, or read these figures as per delivered email.",
                    where="email_event",
                )
            )
        if not delivered and (sent or clicks):
            found.append(
                Finding(
                    id=make_id("metrics", "no delivered events", source or "unnamed"),
                    severity="warning",
                    title=f"{name} reports no delivered emails, so its clicks have no base",
                    evidence=f"0 delivered events, {sent:,} sent events, {clicks:,} clicks.",
                    fix="Export delivered events as well; until then do not rely on click rates.",
                    where="email_event",
                )
            )
    return found


def find_left_out(connection: Connection, catalogue: Catalogue) -> list[Finding]:
    """Return the ad rows that no month counts (finer beside coarser ones, totals across months) or that count twice."""
    relation = find_plain(connection, catalogue["ad_spend"].numerator[0].relation)
    inside = "DATE_TRUNC('month', first_day) = DATE_TRUNC('month', last_day)"
    query = f"SELECT COUNT(*), COALESCE(SUM(spend), 0) FROM {relation.all_rows}"
    across = _fetch(connection, f"{query} WHERE NOT ({inside})")[0]
    whole = _fetch(connection, f"{query} WHERE {inside}")[0]
    kept = _fetch(connection, f"SELECT COUNT(*), COALESCE(SUM(spend), 0) FROM {relation.rows}")[0]
    torn = _fetch(connection, f"SELECT COUNT(*), COALESCE(SUM(spend), 0) FROM {relation.torn_within('TRUE')}")[0]
    overlaps = _fetch(connection, _ask_overlaps(relation.rows))[0]
    cases = (
        (
            across,
            Finding(
                id=make_id("metrics", "ad totals across months"),
                severity="warning",
                title="Some ad rows are totals of periods across months, so no month counts them",
                evidence=f"{_count(across[0], 'row')} with a spend of {across[1]:,.2f}. Longer spans that hold all of "
                "a period count its total. The months that it crosses are not complete.",
                fix="Export these campaigns by day or by month.",
                where="ad_daily",
            ),
        ),
        (
            torn,
            Finding(
                id=make_id("metrics", "ad totals that share days"),
                severity="warning",
                title="Some ad totals across months share days with other rows of their campaign: left out",
                evidence=f"{_count(torn[0], 'total')} with a spend of {torn[1]:,.2f}.",
                fix="Export these campaigns by day or by month.",
                where="ad_daily",
            ),
        ),
        (
            (whole[0] - kept[0],),
            Finding(
                id=make_id("metrics", "ad rows of mixed grain"),
                severity="info",
                title="Some ad rows repeat what a coarser row of the same campaign says, so they are left out",
                evidence=f"{_count(whole[0] - kept[0], 'row')} with a spend of {whole[1] - kept[1]:,.2f}: ad groups "
                "beside their campaign, or days inside the total of a period.",
                fix="Import one grain: campaign by day is best.",
                where="ad_daily",
            ),
        ),
        (
            overlaps,
            Finding(
                id=make_id("metrics", "ad periods that overlap"),
                severity="warning",
                title="Some ad rows are totals of periods that partly overlap other rows of the same campaign",
                evidence=f"{_count(overlaps[0], 'total')} with a spend of {overlaps[1]:,.2f}; "
                "the days in common count twice.",
                fix="Export these campaigns by day or by month.",
                where="ad_daily",
            ),
        ),
    )
    return [finding for counts, finding in cases if counts[0]]


def find_double_count(connection: Connection, catalogue: Catalogue) -> list[Finding]:
    """Return the channels whose spend may be counted twice: reported by an ad platform, and booked as well.

    A warning where the bookings of a month come within 2% of what the platform reported for that month or
    the month before; else good to know, as fees and print may rightly carry the same channel.
    """
    counted = find_plain(connection, catalogue["ad_spend"].numerator[0].relation).rows
    rows = _fetch(
        connection,
        f"""
        WITH reported AS (
          SELECT LOWER(channel) AS channel, DATE_TRUNC('month', last_day) AS month, SUM(spend) AS spend
          FROM {counted} GROUP BY LOWER(channel), DATE_TRUNC('month', last_day)
        ), booked AS (
          SELECT LOWER(channel) AS channel, DATE_TRUNC('month', "date") AS month, SUM(amount) AS amount
          FROM spend_actual WHERE COALESCE(status, 'paid') <> 'committed'
          GROUP BY LOWER(channel), DATE_TRUNC('month', "date")
        )
        SELECT b.channel, b.month, b.amount, now.spend, before.spend
        FROM booked AS b
        LEFT JOIN reported AS now ON now.channel = b.channel AND now.month = b.month
        LEFT JOIN reported AS before ON before.channel = b.channel AND before.month = b.month - INTERVAL '1' MONTH
        WHERE b.channel IN (SELECT channel FROM reported) ORDER BY b.channel, b.month
        """,
    )
    channels: dict[str, list[Sequence[Any]]] = {}
    for row in rows:
        channels.setdefault(row[0], []).append(row)
    return [_judge_channel(channel, months) for channel, months in channels.items()]


def find_incomplete_deals(connection: Connection) -> list[Finding]:
    """Return the won deals that lack a close date, an amount or (where others have one) a type."""
    undated, unpriced, untyped, typed = _fetch(
        connection,
        """
        SELECT COALESCE(SUM(CASE WHEN closed_at IS NULL THEN 1 ELSE 0 END), 0),
          COALESCE(SUM(CASE WHEN amount IS NULL THEN 1 ELSE 0 END), 0),
          COALESCE(SUM(CASE WHEN type IS NULL THEN 1 ELSE 0 END), 0), COUNT(type)
        FROM deal WHERE is_won AND NOT COALESCE(is_deleted, FALSE)
        """,
    )[0]
    cases = (
        (undated, "close date", "they are in no month"),
        (unpriced, "amount", "they add nothing to revenue won"),
        (untyped if typed else 0, "type", "they do not count as new customers"),
    )
    return [
        Finding(
            id=make_id("metrics", "won deals without", lack),
            severity="warning",
            title=f"Some won deals have no {lack}, so {effect}",
            evidence=f"{_count(number, 'won deal')}.",
            fix=f"Fill in the {lack} in the sales tool.",
            where="deal",
        )
        for number, lack, effect in cases
        if number
    ]


def _ask_overlaps(counted: str) -> str:
    """Return SQL for the totals that share days with another counted row of the same campaign."""
    return f"""
        SELECT COUNT(*), COALESCE(SUM(spend), 0) FROM (SELECT * FROM {counted}) AS total
        WHERE first_day < last_day AND EXISTS (
          SELECT 1 FROM (SELECT * FROM {counted}) AS other
          WHERE other.channel = total.channel AND other.campaign_id = total.campaign_id
            AND COALESCE(other.account_id, '') = COALESCE(total.account_id, '')
            AND (other.ad_group_id IS NULL OR total.ad_group_id IS NULL OR other.ad_group_id = total.ad_group_id)
            AND other.first_day <= total.last_day AND other.last_day >= total.first_day
            AND (other.first_day <> total.first_day OR other.last_day <> total.last_day))
    """


def _judge_channel(channel: str, months: Sequence[Sequence[Any]]) -> Finding:
    booked = sum(row[2] for row in months)
    reported = sum(row[3] or 0 for row in months)
    alike = [row for row in months if any(spend and abs(row[2] - spend) <= ALIKE * spend for spend in row[3:])]
    when = _count(len(months), "month")
    evidence = f"{booked:,.2f} booked in {when}, beside {reported:,.2f} of ad spend in the same months."
    if alike:
        evidence += f" In {_count(len(alike), 'month')} the booking agrees within 2% with what the platform reported."
    return Finding(
        id=make_id("metrics", "spend counted twice", channel),
        severity="warning" if alike else "info",
        title=f"Spend on '{channel}' is both reported by an ad platform and booked: it may count twice",
        evidence=evidence,
        fix="Remove the ad platform's own invoices from spend_actual; keep fees and other costs.",
        where="spend_actual",
    )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _fetch(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()
