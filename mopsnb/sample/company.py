"""The fictional company: who they are, what they sell, where their leads come from, what happened to them.

Alderquay makes temperature and humidity monitoring for cold stores, food distributors, pharmacies and
laboratories. Every name here is invented. The events of its three years are dated in this module, so that
the tables, the strategy file, the truth and the story for trainers agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NAME = "Alderquay"
DOMAIN = "alderquay.example"
CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Channel:
    """An advertising channel and how it truly responds to money, per day, at scale 1.

    Parameters
    ----------
    id, name
        The channel's id in every table, and its name for people.
    daily_spend
        What it costs on a usual day in 2025, in US dollars.
    saturation
        Conversions a day that no spend exceeds.
    half_point
        Adstocked spend a day at which half of the saturation is reached, in US dollars.
    adstock
        The share of yesterday's effect that is left today.
    value
        What one conversion is worth to the company, in US dollars.
    cost_per_click, click_rate
        US dollars a click, and clicks per impression.
    """

    id: str
    name: str
    daily_spend: float
    saturation: float
    half_point: float
    adstock: float
    value: float
    cost_per_click: float
    click_rate: float


CHANNELS = (
    Channel("paid_search", "Paid search", 380, 4.10, 500, 0.10, 980, 6.80, 0.034),
    Channel("professional_social", "Professional social", 260, 2.20, 340, 0.45, 1_030, 9.40, 0.0062),
    Channel("display", "Display", 90, 0.44, 30, 0.30, 640, 2.10, 0.0019),
    Channel("video", "Video", 80, 0.62, 110, 0.60, 660, 3.20, 0.0041),
    Channel("retargeting", "Retargeting", 70, 0.58, 28, 0.20, 940, 2.90, 0.0085),
    Channel("review_sites", "Review sites", 120, 1.45, 160, 0.05, 1_000, 11.50, 0.021),
)
CHANNEL_IDS = tuple(channel.id for channel in CHANNELS)
# January … December. Cold-chain buyers plan in spring and buy before the holiday season; summers are quiet.
SEASON = (0.94, 0.97, 1.05, 1.04, 1.02, 0.95, 0.86, 0.90, 1.04, 1.10, 1.14, 0.88)
WEEKDAY = (1.14, 1.20, 1.18, 1.14, 1.02, 0.64, 0.68)  # Monday … Sunday, of conversions
PEAK = 1.55  # stocking season, each November: conversions and spend
PEAK_DAYS = tuple((date(year, 11, 10), date(year, 11, 28)) for year in (2023, 2024, 2025, 2026))
TAKEN_AS_LEAD = 0.87  # the share of conversions that platforms report which is a new contact in the CRM

# What happened. Each of these is in truth.json.
OUTAGE = (date(2025, 6, 17), date(2025, 6, 22))  # the site's tag was lost: no conversions recorded
OVERSPEND = (date(2026, 6, 8), date(2026, 8, 31))  # professional social without its daily cap
OVERSPEND_SIZE = 1.9
SPEND_SPIKE = date(2026, 3, 12)  # one day of paid search at several times its budget
SPEND_SPIKE_SIZE = 5.0
VIDEO_PAUSE = (date(2024, 7, 8), date(2024, 8, 11))
SOCIAL_PAUSE = (date(2025, 1, 6), date(2025, 1, 26))
BROKEN_LINKS = date(2024, 8, 6)  # a newsletter whose links led nowhere
BOT_BURST = date(2025, 2, 11)  # link scanners click a whole newsletter
PROVIDER_MOVE = date(2025, 3, 17)  # the move to a better email provider
OFFER_LIBRARY = date(2026, 1, 12)  # better offers to send
CLICKS_WITH_PROVIDER, CLICKS_WITH_OFFERS = 1.06, 1.09  # times the clicks of 2024
FREQUENCY_CAP = date(2026, 5, 18)  # at most two emails a week to anybody
LEAVES_WITH_CAP = 0.72  # times the usual unsubscribes
OVER_MAILING = (date(2026, 5, 11), date(2026, 5, 15))  # three offers in one week to half of the list
ROUTING_GAP = (date(2026, 8, 17), date(2026, 9, 4))  # the South's representative is away and nobody stands in
RESPONSE_SLUMP = (date(2026, 7, 6), date(2026, 9, 4))  # first calls are late all over

INDUSTRIES = ("Food distribution", "Pharmacy", "Laboratory", "Cold storage", "Grocery", "Restaurant group", "Other")
INDUSTRY_SHARE = (0.22, 0.16, 0.11, 0.14, 0.14, 0.13, 0.10)
COUNTRIES = ("US", "CA", "MX", "GB")
REGIONS = ("Northeast", "South", "Midwest", "West", "International")
REPS = ("rep-novak", "rep-adeyemi", "rep-brandt", "rep-castillo", "rep-duval")  # one a region, same order
JOB_LEVELS = ("executive", "director", "manager", "specialist", "student")
INTERESTS = ("compliance", "monitoring", "analytics", "hardware", "unknown")
SIZE_BANDS = ("1-49", "50-199", "200-999", "1000+")
OTHER_SOURCES = ("organic_search", "referral", "webinar", "event", "content", "direct", "list_import")
SOURCES = CHANNEL_IDS + OTHER_SOURCES
COMPETITORS = ("Kelvara", "Polarmesh", "Chillgate Monitoring", "Spreadsheets and paper")
LOSS_REASONS = ("price", "no decision", "competitor", "missing feature", "timing", "lost contact")

# The true log-odds of becoming an opportunity. What is not here has none.
INTERCEPT = -3.02
EFFECTS: dict[str, dict[str, float]] = {
    "job_level": {"executive": 0.8, "director": 0.7, "manager": 0.3, "specialist": 0.0, "student": -2.0},
    "company_size": {"1-49": -0.7, "50-199": 0.0, "200-999": 0.6, "1000+": 0.3},
    "product_interest": {"compliance": 0.7, "monitoring": 0.2, "analytics": 0.0, "hardware": -0.4, "unknown": -0.5},
    "industry": {
        "Food distribution": 0.3,
        "Pharmacy": 0.5,
        "Laboratory": 0.2,
        "Cold storage": 0.4,
        "Grocery": 0.0,
        "Restaurant group": -0.5,
        "Other": -0.7,
    },
    "lead_source": {
        "paid_search": 0.4,
        "professional_social": 0.2,
        "display": -0.5,
        "video": -0.4,
        "retargeting": 0.3,
        "review_sites": 0.7,
        "organic_search": 0.3,
        "referral": 1.0,
        "webinar": 0.5,
        "event": 0.3,
        "content": -0.3,
        "direct": 0.0,
        "list_import": -1.1,
    },
    "is_free_mail": {"true": -0.8, "false": 0.0},
}
PER_PAGE = 0.08  # log-odds per page seen before the first form, up to 15
LEAK_COLUMN = "discovery_call_minutes"
NOISE_COLUMNS = ("form_version", "browser", "page_load_ms", "preferred_greeting")
