"""Tables as text, and what the review finds in them."""

from mopsnb.data.engine import Engine
from mopsnb.data.review import review_data

EVENTS = "contact_id,event_type,occurred_at\n"
ADS = "date,channel,campaign_id,spend,currency\n"


def review(folder, **options):
    """Return the findings by id."""
    return {finding.id: finding for finding in review_data(Engine(folder, **options), stale_after_days=3)}


def ad_rows(*days, channel="search"):
    """Return a row a day."""
    return "".join(f"{day},{channel},1,1,EUR\n" for day in days)
