"""Money comes in one currency: the strategy's, or the data's own; otherwise the table is refused."""

from datetime import date

import pytest
from workspaces import write_data

from mopsnb.data.engine import Engine
from mopsnb.errors import CurrencyError, DataError

ADS = "date,channel,campaign_id,spend,currency\n"
RATES = "date,currency,rate_to_base\n"


def spend(engine):
    """Return spend and original spend, by date."""
    return engine.query("SELECT spend, spend_original FROM ad_daily ORDER BY date").to_numpy().tolist()


def test_a_single_currency_applies(tmp_path):
    """Where the strategy names no currency, the data's single one applies and nothing is converted."""
    engine = Engine(write_data(tmp_path, ad_daily=ADS + "2026-01-05,search,1,10.5,USD\n"))
    assert (engine.currency, spend(engine)) == ("USD", [[10.5, 10.5]])


def test_no_money_no_currency(tmp_path):
    """Data without money has no currency."""
    assert Engine(write_data(tmp_path, contact="contact_id\n1\n", ad_daily=ADS)).currency is None


def test_the_latest_rate_on_or_before_the_day(tmp_path):
    """Each amount takes the latest rate on or before its day; the last rate holds on."""
    rows = "".join(f"2026-01-{day:02},search,1,100,USD\n" for day in (5, 6, 9, 20)) + "2026-01-21,search,1,7,EUR\n"
    rates = "2026-01-06,USD,0.9\n2026-01-01,USD,0.8\n2026-01-10,USD,0.7\n"
    write_data(tmp_path, ad_daily=ADS + rows, fx_rate=RATES + rates)
    engine = Engine(tmp_path, currency="EUR")
    assert spend(engine) == [[80, 100], [90, 100], [90, 100], [70, 100], [7, 7]]


def test_sums_are_exact(tmp_path):
    """A converted amount is rounded to the sixth decimal, once, and kept as a decimal."""
    rows = "2026-01-05,search,1,0.000003,JPY\n2026-01-05,search,2,999999999999.999999,EUR\n"
    write_data(tmp_path, ad_daily=ADS + rows, fx_rate=RATES + "2026-01-01,JPY,0.5\n")
    engine = Engine(tmp_path, currency="EUR")
    engine.prepare(["ad_daily"])
    rows = engine.connection.execute("SELECT CAST(sum(spend) AS VARCHAR) FROM ad_daily").fetchall()
    assert rows == [("1000000000000.000001",)]


def test_each_currency_has_its_own_last_rate(tmp_path):
    """A currency whose rates end earlier than another's keeps its last one."""
    rows = "2026-01-20,search,1,1,USD\n2026-01-21,search,1,1,GBP\n"
    write_data(tmp_path, ad_daily=ADS + rows, fx_rate=RATES + "2026-01-01,USD,0.9\n2026-01-15,GBP,1.2\n")
    assert spend(Engine(tmp_path, currency="EUR")) == [[0.9, 1], [1.2, 1]]


def test_the_base_is_the_currency_without_rates(tmp_path):
    """Where the strategy names none, the currency that the rates lead to is the one that needs none."""
    rows = "2026-01-05,search,1,1,USD\n2026-01-06,search,1,1,EUR\n"
    write_data(tmp_path, ad_daily=ADS + rows, fx_rate=RATES + "2026-01-01,USD,0.9\n")
    engine = Engine(tmp_path)
    assert (engine.currency, spend(engine)) == ("EUR", [[0.9, 1], [1, 1]])


def test_the_base_is_the_currency_whose_rate_is_one(tmp_path):
    """A rate of 1 throughout marks the currency that others are converted to."""
    rows = "2026-01-05,search,1,1,USD\n2026-01-06,search,1,1,EUR\n"
    write_data(tmp_path, ad_daily=ADS + rows, fx_rate=RATES + "2026-01-01,USD,0.9\n2026-01-01,EUR,1\n")
    assert Engine(tmp_path).currency == "EUR"


def test_two_currencies_without_rates_are_refused(tmp_path):
    """Two currencies and no rates: the table is refused, with rows by currency and the fix; other tables answer."""
    rows = "2026-01-05,search,1,1,USD\n2026-01-06,search,1,1,EUR\n2026-01-06,social,1,1,EUR\n"
    write_data(tmp_path, ad_daily=ADS + rows, contact="contact_id\n1\n")
    engine = Engine(tmp_path)
    with pytest.raises(
        CurrencyError, match=r"(?s)2 currencies \(EUR, USD\).*organization.currency.*2 rows in EUR.*1 row in USD"
    ):
        engine.query("SELECT * FROM ad_daily")
    with pytest.raises(CurrencyError):
        _ = engine.currency
    assert len(engine.query("SELECT * FROM contact")) == 1


def test_two_currencies_over_two_tables_are_refused(tmp_path):
    """Two tables, each in a currency of its own, do not add up either."""
    write_data(
        tmp_path,
        ad_daily=ADS + "2026-01-05,search,1,1,USD\n",
        spend_actual="spend_id,date,area,amount,currency\n1,2026-01-05,print,1,EUR\n",
    )
    with pytest.raises(CurrencyError, match="2 currencies"):
        Engine(tmp_path).query("SELECT * FROM spend_actual")


def test_the_strategys_currency_needs_rates(tmp_path):
    """Data in dollars, figures in euros and no rates: refused."""
    engine = Engine(write_data(tmp_path, ad_daily=ADS + "2026-01-05,search,1,1,USD\n"), currency="EUR")
    assert engine.currency == "EUR"
    with pytest.raises(
        CurrencyError, match=r"1 row in USD from 2026-01-05, expected EUR, or exchange rates. Add the rates"
    ):
        engine.query("SELECT * FROM ad_daily")


def test_a_rate_that_starts_too_late_is_refused(tmp_path):
    """An amount before the first rate cannot be converted; the message names both days."""
    rows = "2026-01-05,search,1,1,USD\n2026-01-07,search,1,1,USD\n"
    write_data(tmp_path, ad_daily=ADS + rows, fx_rate=RATES + "2026-01-06,USD,0.9\n")
    with pytest.raises(
        CurrencyError, match=r"USD from 2026-01-05, expected EUR, or exchange rates \(USD starts on 2026-01-06\)"
    ):
        Engine(tmp_path, currency="EUR").query("SELECT * FROM ad_daily")


def test_rates_to_another_currency_are_refused(tmp_path):
    """Rates in which the workspace's currency is not worth 1 lead elsewhere."""
    rates = RATES + "2026-01-01,USD,1\n2026-01-01,EUR,1.1\n"
    write_data(tmp_path, ad_daily=ADS + "2026-01-05,search,1,1,USD\n", fx_rate=rates)
    with pytest.raises(CurrencyError, match="another worth than 1"):
        Engine(tmp_path, currency="EUR").query("SELECT * FROM ad_daily")


def test_two_rates_for_one_day_are_refused(tmp_path):
    """Two different rates for a currency and day are a fault; the same one twice is none."""
    ads = ADS + "2026-01-05,search,1,1,USD\n"
    write_data(tmp_path / "a", ad_daily=ads, fx_rate=RATES + "2026-01-01,USD,0.9\n2026-01-01,USD,0.8\n")
    with pytest.raises(DataError, match=r"the rates 0.8000000000 and 0.9000000000 for USD on 2026-01-01"):
        Engine(tmp_path / "a", currency="EUR").query("SELECT * FROM ad_daily")
    write_data(tmp_path / "b", ad_daily=ads, fx_rate=RATES + "2026-01-01,USD,0.9\n2026-01-01,USD,0.9\n")
    assert spend(Engine(tmp_path / "b", currency="EUR")) == [[0.9, 1]]


def test_money_without_a_currency_is_in_the_workspaces(tmp_path):
    """A row that names no currency is taken as it is."""
    write_data(tmp_path, deal="deal_id,stage,amount,currency\n1,won,5,\n2,won,5,EUR\n")
    engine = Engine(tmp_path)
    assert engine.query("SELECT amount FROM deal")["amount"].tolist() == [5, 5]
    assert engine.currency == "EUR"


def test_deals_take_the_rate_of_the_day_they_closed(tmp_path):
    """A closed deal takes the rate of its closing day, an open one of its opening, an undated one of as_of."""
    deals = (
        "1,won,1,USD,2026-01-01T00:00:00Z,2026-01-10T00:00:00Z\n2,open,1,USD,2026-01-01T00:00:00Z,\n3,open,1,USD,,\n"
    )
    write_data(
        tmp_path,
        deal="deal_id,stage,amount,currency,created_at,closed_at\n" + deals,
        fx_rate=RATES + "2026-01-01,USD,0.5\n2026-01-10,USD,0.6\n2026-01-20,USD,0.7\n",
    )
    engine = Engine(tmp_path, currency="EUR", as_of=date(2026, 1, 31))
    assert engine.query("SELECT amount FROM deal ORDER BY deal_id")["amount"].tolist() == [0.6, 0.5, 0.7]


def test_a_budget_for_later_months_takes_the_last_rate(tmp_path):
    """Future months have no rate of their own yet; the latest known one is taken, none from after as_of."""
    write_data(
        tmp_path,
        budget_plan="month,area,planned,currency\n2026-12,print,100,USD\n",
        fx_rate=RATES + "2026-01-01,USD,0.5\n2026-06-01,USD,0.6\n",
    )
    engine = Engine(tmp_path, currency="EUR", as_of=date(2026, 3, 1))
    assert engine.query("SELECT planned FROM budget_plan")["planned"].tolist() == [50]
