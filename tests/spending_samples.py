"""A budget of two areas, and spend and plan read from tables given as rows."""

from metric_tables import make_tables

from mopsnb.data.spending import read_plan, read_spend
from mopsnb.strategy import Budget, BudgetArea, Channel, Strategy

SEARCH = BudgetArea(id="search_ads", channel="search", share=0.5)
BUDGET = Budget(year=2026, total=1200, areas=[SEARCH, BudgetArea(id="print", share=0.5)])
STRATEGY = Strategy(channels=[Channel(id="search")], budget=BUDGET)


def read(strategy=STRATEGY, **tables):
    """Return spend and plan of tables given as rows."""
    connection = make_tables(**tables)

    def query(sql, parameters):
        return connection.execute(sql, dict(parameters)).df()

    return read_spend(query, tables, strategy), read_plan(query, tables, strategy)


def list_spend(frame, *columns):
    """Return a frame's rows as tuples: date, then the columns, then the amount."""
    names = ["date", *columns, "amount"]
    return [(f"{row[0]:%Y-%m-%d}", *row[1:]) for row in frame[names].itertuples(index=False)]


def planned(month, area, amount, **more):
    """Return a row of budget_plan."""
    return {"month": f"{month}-01", "area": area, "planned": amount, "currency": "EUR", **more}
