"""SQL behind the budget page: money by day, and the plan by month.

Rows without a day or an amount are left out: a workspace that is not strict may hold some.
"""

from __future__ import annotations

from collections.abc import Collection

from mopsnb.data.metrics import read_catalogue

_OWNER = "(SELECT campaign_id, MIN(owner) AS owner FROM campaign GROUP BY campaign_id)"
_PLANNED = """(SELECT campaign_id, MIN(area) AS area FROM budget_plan WHERE campaign_id IS NOT NULL
          GROUP BY campaign_id HAVING COUNT(DISTINCT area) = 1)"""


def ask_ads(tables: Collection[str]) -> str:
    """Return SQL for advertising by day: what the metric counts over all days, a total on its last one."""
    counted = read_catalogue()["ad_spend"].numerator[0].relation.rows_within("last_day IS NOT NULL")
    return f"""
        SELECT last_day AS "date", first_day, {_choose_area(tables)} AS area, channel, 'ads' AS kind,
          FALSE AS is_committed, {_choose_owner(tables)} AS owner, SUM(spend) AS amount,
          SUM(conversion_value) AS "value",
          COALESCE(SUM(CASE WHEN conversion_value IS NOT NULL THEN spend END), 0) AS amount_with_value,
          COUNT(*) AS "rows"
        FROM (SELECT first_day, last_day, channel, campaign_id, spend, conversion_value FROM {counted}
        ) AS money {_join_names(tables)}
        WHERE spend IS NOT NULL
        GROUP BY 1, 2, 3, 4, 7 ORDER BY 1, 2, 3 NULLS FIRST, 4, 7 NULLS FIRST
    """


def ask_bookings(tables: Collection[str], bookings: str = "spend_actual") -> str:
    """Return SQL for other spend by day, from what stands after FROM. A booking without a status counts as paid."""
    owner = _choose_owner(tables)
    names = f"LEFT JOIN {_OWNER} AS campaigns USING (campaign_id)" if "campaign" in tables else ""
    return f"""
        SELECT "date", "date" AS first_day, area, channel, 'other' AS kind,
          COALESCE(status, 'paid') = 'committed' AS is_committed, {owner} AS owner, SUM(amount) AS amount,
          CAST(NULL AS DOUBLE) AS "value", 0 AS amount_with_value, COUNT(*) AS "rows"
        FROM {bookings} AS money {names} WHERE "date" IS NOT NULL AND amount IS NOT NULL
        GROUP BY 1, 3, 4, 6, 7 ORDER BY 1, 3, 4 NULLS FIRST, 6, 7 NULLS FIRST
    """


def _choose_area(tables: Collection[str]) -> str:
    return "planned.area" if "budget_plan" in tables else "CAST(NULL AS VARCHAR)"


def _choose_owner(tables: Collection[str]) -> str:
    return "campaigns.owner" if "campaign" in tables else "CAST(NULL AS VARCHAR)"


def _join_names(tables: Collection[str]) -> str:
    joins = [f"LEFT JOIN {_OWNER} AS campaigns USING (campaign_id)"] if "campaign" in tables else []
    joins += [f"LEFT JOIN {_PLANNED} AS planned USING (campaign_id)"] if "budget_plan" in tables else []
    return " ".join(joins)


def ask_plan() -> str:
    """Return SQL for the plan by month, area and channel; of each month the last version by name."""
    return """
        SELECT "month", area, COALESCE(channel, '') AS channel, COALESCE(version, '') AS version,
          MAX(versions) AS versions, SUM(planned) AS planned
        FROM (
          SELECT *, DENSE_RANK() OVER (PARTITION BY "month" ORDER BY version DESC NULLS LAST) AS place,
            DENSE_RANK() OVER (PARTITION BY "month" ORDER BY version DESC NULLS LAST)
            + DENSE_RANK() OVER (PARTITION BY "month" ORDER BY version NULLS FIRST) - 1 AS versions
          FROM budget_plan WHERE "month" IS NOT NULL AND area IS NOT NULL AND planned IS NOT NULL) AS ranked
        WHERE place = 1 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
    """


def ask_links() -> str:
    """Return SQL for which channels the plan of an area names, by month; rows of single campaigns left out."""
    return """
        SELECT DISTINCT "month", area, COALESCE(channel, '') AS channel FROM budget_plan
        WHERE campaign_id IS NULL AND "month" IS NOT NULL AND area IS NOT NULL ORDER BY 1, 2, 3
    """


def ask_unnamed(tables: Collection[str]) -> str:
    """Return SQL for the channels, by month, with ads whose campaign no plan names."""
    day = 'COALESCE(period_end, "date", period_start)'
    named = f"LEFT JOIN {_PLANNED} AS planned USING (campaign_id)" if "budget_plan" in tables else ""
    return f"""
        SELECT DISTINCT DATE_TRUNC('month', {day}) AS "month", channel FROM ad_daily {named}
        WHERE {day} IS NOT NULL AND channel IS NOT NULL{" AND planned.area IS NULL" if named else ""} ORDER BY 1, 2
    """
