"""What a campaign and a send are, and the plan that holds all of them in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from mopsnb.sample.clock import HORIZON, START


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign, as its brief describes it.

    Parameters
    ----------
    id, name, type, channel
        As in the table ``campaign``.
    span
        Its first and last day.
    owner
        Who is responsible.
    kpi
        The metric by which it is judged, where that stood, and where it should get.
    budget
        What it may cost, in US dollars at scale 1.
    interest
        For webinars: the product interest that it speaks to.
    share, strength
        For ads: the share of the channel's money, and conversions for it compared with the channel's others.
    """

    id: str
    name: str
    type: str
    channel: str
    span: tuple[date, date]
    owner: str
    kpi: tuple[str, float, float]
    budget: float | None = None
    interest: str = ""
    share: float = 1.0
    strength: float = 1.0

    @property
    def end(self) -> date:
        """The last day."""
        return self.span[1]


@dataclass(frozen=True, slots=True)
class Rates:
    """How a send differs from others: multipliers on the usual rates, and how many subject lines are tested."""

    click: float = 1.0
    unsubscribe: float = 1.0
    complaint: float = 1.0
    variants: int = 1


USUAL = Rates()


@dataclass(frozen=True, slots=True)
class Send:
    """One email to one audience.

    Parameters
    ----------
    campaign
        The position of its campaign in the plan.
    email
        The email's id.
    day, hour
        Local date and hour (fractions allowed) of the send.
    audience, share
        Who may get it (``all``, ``new``, ``customers``, ``prospects`` or a product interest), and the share
        of them that does.
    kind
        The subscription it belongs to.
    rates
        How it differs from other sends.
    """

    campaign: int
    email: str
    day: date
    hour: float
    audience: str
    share: float
    kind: str
    rates: Rates


@dataclass
class Plan:
    """All campaigns and sends up to the horizon; the same at every seed and scale.

    Parameters
    ----------
    campaigns, sends
        In the order in which they were added; sends in time order once the plan is built.
    webinars, shows
        Positions of the webinars and trade shows among the campaigns.
    ads
        Positions of the ad campaigns, by channel.
    """

    campaigns: list[Campaign] = field(default_factory=list)
    sends: list[Send] = field(default_factory=list)
    webinars: list[int] = field(default_factory=list)
    shows: list[int] = field(default_factory=list)
    ads: dict[str, list[int]] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """The campaigns' ids by position: text with leading zeros."""
        return [campaign.id for campaign in self.campaigns]

    def add(self, campaign: Campaign) -> int:
        """Add a campaign and return its position."""
        self.campaigns.append(campaign)
        return len(self.campaigns) - 1

    def send(
        self, campaign: int, at: tuple[date, float], to: tuple[str, float], kind: str, rates: Rates = USUAL
    ) -> None:
        """Add a send, unless its day is outside the simulation.

        Parameters
        ----------
        campaign
            The campaign's position.
        at
            Day and hour.
        to
            Audience, and the share of it.
        kind
            The subscription.
        rates
            How this send differs from others.
        """
        if START <= at[0] <= HORIZON:
            number = 1 + sum(send.campaign == campaign for send in self.sends)
            email = f"{self.campaigns[campaign].id}-{number:02d}"
            self.sends.append(Send(campaign, email, at[0], at[1], to[0], to[1], kind, rates))
