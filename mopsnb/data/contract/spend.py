"""Money: advertising, other spend, the budget, and exchange rates."""

from mopsnb.data.contract.columns import above, any_filled, at_least, column, declare_table, matches, one_of

SPEND_STATUS = ("committed", "invoiced", "paid")
ISO_CURRENCY = matches("[A-Z]{3}", "an ISO 4217 currency code in capitals, such as EUR")

AD_DAILY = declare_table(
    "ad_daily",
    "a campaign on a channel on a day, or in a period",
    {
        "date": column("date", "The day; in the total of a period, its first day."),
        "period_start": column("date", "The first day of the period that the row totals."),
        "period_end": column("date", "The last day of the period. Filled: the row totals a period, not a day."),
        "channel": column("text", "The channel, such as search or social.", required=True),
        "account_id": column("id", "The advertising account."),
        "campaign_id": column("id", "The campaign's id on the platform.", required=True),
        "campaign_name": column("text", "The campaign's name on the platform."),
        "ad_group_id": column("id", "The ad group. Filled: the row is of a finer grain than a campaign."),
        "spend": column("decimal", "Money spent.", required=True, unit="money"),
        "currency": column("text", "The currency of the row's money.", ISO_CURRENCY, required=True),
        "impressions": column("integer", "How often ads were shown.", at_least(0), unit="count"),
        "clicks": column("integer", "How often ads were clicked.", at_least(0), unit="count"),
        "conversions": column("decimal", "Conversions as the platform counts them; may be fractional.", unit="count"),
        "conversion_value": column("decimal", "Value of the conversions as the platform counts it.", unit="money"),
    },
    any_filled("date", "period_start"),
    key=("channel", "account_id", "campaign_id", "ad_group_id", "date", "period_start"),
    role="spend",
    time=("period_end", "date", "period_start"),
    grows=True,
    money_on=("period_end", "date", "period_start"),
)

SPEND_ACTUAL = declare_table(
    "spend_actual",
    "money spent or committed outside ad platforms: invoices, print, events, fees",
    {
        "spend_id": column("id", "The booking's id.", required=True),
        "date": column("date", "The day that the money belongs to.", required=True),
        "area": column("text", "The budget area, as in the strategy file.", required=True),
        "channel": column("text", "The channel."),
        "campaign_id": column("id", "The campaign."),
        "amount": column("decimal", "The amount; a credit note is negative.", required=True, unit="money"),
        "currency": column("text", "The currency of the amount.", ISO_CURRENCY, required=True),
        "status": column("text", "Committed money is promised, not yet spent.", one_of(*SPEND_STATUS)),
        "vendor": column("text", "Who is paid."),
    },
    key=("spend_id",),
    role="spend",
    time=("date",),
    every_days=31,
    money_on=("date",),
)

BUDGET_PLAN = declare_table(
    "budget_plan",
    "planned spend of an area in a month",
    {
        "version": column("text", "The version of the plan, where there are several."),
        "month": column("month", "The month.", required=True),
        "area": column("text", "The budget area, as in the strategy file.", required=True),
        "channel": column("text", "The channel."),
        "campaign_id": column("id", "The campaign."),
        "planned": column("decimal", "The planned amount.", required=True, unit="money"),
        "currency": column("text", "The currency of the amount.", ISO_CURRENCY, required=True),
    },
    key=("version", "month", "area", "channel", "campaign_id"),
    role="plan",
    time=("month",),
    money_on=("month",),
)

FX_RATE = declare_table(
    "fx_rate",
    "an exchange rate on a day",
    {
        "date": column("date", "The day from which the rate holds, until the next one.", required=True),
        "currency": column("text", "The currency that is converted.", ISO_CURRENCY, required=True),
        "rate_to_base": column(
            "rate",
            "How much of the workspace's currency one unit of the currency is worth.",
            above(0),
            required=True,
            unit="rate",
        ),
    },
    key=("date", "currency"),
    role="reference",
    time=("date",),
)

TABLES = (AD_DAILY, SPEND_ACTUAL, BUDGET_PLAN, FX_RATE)
