"""What a team writes in strategy.yml, as pydantic models.

Each field's description is the text of the reference page ``docs/strategy-file.md``. A flawed goal
(no metric, no baseline, no deadline) is valid here: the SMART verdict judges it, with a reason.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from mopsnb.strategy.values import (
    Amount,
    Clock,
    Country,
    Currency,
    DataAddress,
    Day,
    DayList,
    Days,
    Flag,
    Fraction,
    Hours,
    Id,
    Kind,
    LocaleName,
    MonthDay,
    Number,
    OpenTimes,
    PathShape,
    Reference,
    References,
    ScopeValue,
    Score,
    Text,
    Texts,
    TimeZone,
    Version,
    Year,
    read_list,
)

TOLERANCE = 0.001  # how far shares may be from a sum of 1, for rounding
Phasing = Annotated[
    list[Amount],
    Kind("a list of 12 numbers of 0 or more; the first is for the first month of the fiscal year", read_list),
]


class Part(BaseModel):
    """A block of keys in the file. It cannot be changed after reading, and knows no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    hidden: ClassVar[str] = ""  # what a message says in the place of text that stands where this block should

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nothing(cls, data: Any) -> Any:
        # A key without a value means the same as no key; an unknown key stays, to be refused.
        if not isinstance(data, dict):
            return data
        given = {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}
        if "name" in cls.model_fields and "name" not in given and isinstance(given.get("id"), str):
            given["name"] = given["id"]
        return given


class OpeningHours(Part):
    """When the teams work, by weekday. A weekday that is not named is closed."""

    monday: OpenTimes = Field("", description="Opening hours on Mondays, in `time_zone`.")
    tuesday: OpenTimes = Field("", description="The same on Tuesdays.")
    wednesday: OpenTimes = Field("", description="The same on Wednesdays.")
    thursday: OpenTimes = Field("", description="The same on Thursdays.")
    friday: OpenTimes = Field("", description="The same on Fridays.")
    saturday: OpenTimes = Field("", description="The same on Saturdays.")
    sunday: OpenTimes = Field("", description="The same on Sundays.")

    @model_validator(mode="after")
    def _open_sometime(self) -> OpeningHours:
        if not any(getattr(self, day) for day in OpeningHours.model_fields):
            context = {"expected": "at least one weekday with hours", "fix": "Name one, such as monday: 09:00-17:00."}
            raise PydanticCustomError("closed", "expected {expected}. {fix}", context)
        return self


class Organization(Part):
    """The company, and how its calendar and money work."""

    name: Text = Field("", description="The company's name, as reports show it.")
    time_zone: TimeZone = Field("UTC", description="Where a day and a month begin and end.")
    currency: Currency | None = Field(
        None, description="The currency of every report. If there is none here, the data's single currency applies."
    )
    fiscal_year_start: MonthDay = Field("01-01", description="The day on which the fiscal year starts, as MM-DD.")
    holidays: Country | None = Field(None, description="The country whose public holidays are no business days.")
    opening_hours: OpeningHours | None = Field(
        None, description="When the teams work. If there is none: Monday to Friday, 09:00-17:00."
    )
    closed_on: DayList = Field([], description="Further days that are no business days, such as a company holiday.")
    locale: LocaleName = Field("en_US", description="How reports write numbers, money and dates.")


class Stakeholder(Part):
    """A group or person that marketing serves or depends on."""

    id: Id = Field(description="How other keys name this stakeholder.")
    name: Text = Field("", description="The name for people.")
    power: Score = Field(description="How much they decide over marketing's work: 1 little, 5 a lot.")
    interest: Score = Field(description="How much marketing's work concerns them: 1 little, 5 a lot.")
    needs: Texts = Field([], description="What they need from marketing, one text a need.")


class Need(Part):
    """Something that stakeholders need from marketing, under one name for all who need it."""

    id: Id = Field(description="How goals and interviews name this need.")
    name: Text = Field("", description="The need in a few words.")


class Interview(Part):
    """What one conversation with a stakeholder said about the needs."""

    stakeholder: Reference = Field(description="Who was asked: an id of `stakeholders`.")
    held_on: Day | None = Field(None, description="The day of the conversation.")
    ranking: References = Field(
        [],
        description="Ids of `needs`, the most urgent first. Needs that are not named are tied behind them.",
    )


class Agreement(Part):
    """A service-level agreement: what one team promises another, and how fast."""

    id: Id = Field(description="How the table `service_event` names this agreement.")
    provider: Reference = Field(
        description="Who keeps the promise: the id of a stakeholder or a person, or `marketing`."
    )
    consumer: Reference = Field(
        description="Who relies on the promise: the id of a stakeholder or a person, or `marketing`."
    )
    clause: Text = Field(
        "",
        description="The promise in a few words, for example `First call within 4 business hours`. Pages call it so.",
    )
    deliverable: Text = Field("", description="What is promised, for example `first call`.")
    threshold: Amount | None = Field(None, description="The longest time it may take, in units of `clock`.")
    clock: Clock = Field(
        "business_hours",
        description="How time is counted: within working hours and working days, or around the clock.",
    )
    attainment: Fraction | None = Field(None, description="The share of requests that must be in time.")
    on_breach: Text = Field("", description="What a breach sets off: who does what, in one sentence.")


class Goal(Part):
    """What the team wants to reach. A goal may be incomplete: the SMART verdict says what it lacks."""

    id: Id = Field(description="How other keys, tasks and findings name this goal.")
    statement: Text = Field("", description="The goal in one sentence.")
    metric: Text = Field("", description="The name of the one metric that measures it, from the metric catalogue.")
    scope: dict[str, ScopeValue] = Field(
        {}, description="Which rows count: column and value, or a list of values. Empty: all rows."
    )
    baseline: Number | None = Field(
        None, description="Where the metric stood, in its unit. A ratio is a fraction: 0.004 stands for 0.4%."
    )
    target: Number | None = Field(None, description="Where the metric shall stand at the deadline, in its unit.")
    start: Day | None = Field(None, description="The day on which the goal starts.")
    deadline: Day | None = Field(None, description="The last day of the goal; not before `start`.")
    owner: Text = Field("", description="Who answers for it: the id of a person or stakeholder, or any name.")
    stakeholders: References = Field([], description="For whom: ids of `stakeholders`.")
    needs: References = Field([], description="What it answers: ids of `needs`.")
    parent: Reference | None = Field(None, description="The id of the goal that this goal serves.")
    benefit_customers: Text = Field("", description="What customers gain from it.")
    benefit_team: Text = Field("", description="What the team gains from it.")
    path: PathShape | None = Field(
        None,
        description="How its path runs: the same each day, or with the usual share of each month. If there is none, it"
        " follows a season that the data confirms.",
    )
    checkpoints: DayList = Field([], description="Days on which the team looks at progress.")

    @field_validator("deadline")
    @classmethod
    def _end_after_start(cls, deadline: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("start")
        if deadline and start and deadline < start:
            context = {"expected": f"a date on or after the start, {start}", "fix": "Correct one of the two dates."}
            raise PydanticCustomError("order", "expected {expected}. {fix}", context)
        return deadline


class Channel(Part):
    """A way to reach people that has its own results or its own money."""

    id: Id = Field(description="How tables and the budget name this channel.")
    name: Text = Field("", description="The name for people.")
    kind: Text = Field("", description="What it belongs to, for example `digital`, `email`, `print` or `events`.")


class BudgetArea(Part):
    """A part of the year's budget."""

    id: Id = Field(description="How the tables `spend_actual` and `budget_plan` name this area.")
    channel: Reference | None = Field(None, description="The channel that the money goes to: an id of `channels`.")
    share: Fraction = Field(description="The area's share of the total.")
    phasing: Phasing | None = Field(
        None,
        description="How the area's money is spread over the year: each month's weight, in percent or any other unit."
        " If there is none, each month gets the same.",
    )

    @field_validator("phasing")
    @classmethod
    def _spend_all(cls, phasing: list[float] | None) -> list[float] | None:
        if phasing is None:
            return phasing
        if len(phasing) != 12:
            raise PydanticCustomError("phasing", "{fix}", {"fix": "Write one number for each of the 12 months."})
        if sum(phasing) == 0:
            context = {"found": "0 in total", "fix": "Leave phasing out to give each month the same."}
            raise PydanticCustomError("phasing", "found {found}. {fix}", context)
        return phasing


class Budget(Part):
    """The money of one fiscal year. A table `budget_plan` in the data wins over it."""

    year: Year = Field(description="The calendar year in which the fiscal year starts.")
    total: Amount = Field(description="The year's money, in the organization's currency.")
    areas: list[BudgetArea] = Field(
        [], description="How it is divided. The shares sum to at most 1; what is left is not allocated yet."
    )


class Person(Part):
    """A member of the team."""

    id: Id = Field(description="How tasks and other keys name this person.")
    name: Text = Field("", description="The name for people.")
    role: Text = Field("", description="The role, for example `email marketer`.")
    skills: dict[str, Score] = Field({}, description="Skill and level: 1 beginner, 5 expert.")
    hours_per_week: Hours | None = Field(None, description="Working hours a week.")
    coordinator: Flag = Field(False, description="Whether this person coordinates the plan.")


class Tool(Part):
    """A tool in the stack. A table `tool` in the data wins over it."""

    id: Id = Field(description="How tables name this tool.")
    name: Text = Field("", description="The name for people.")
    owner: Text = Field("", description="Who answers for it: the id of a person, or any name.")


class LeadScoring(Part):
    """What the lead score predicts, and from what."""

    target: Text = Field("is_converted", description="The column of `contact` that says whether a lead converted.")
    order_by: Text = Field("created_at", description="The column of `contact` that puts leads in order of time.")
    exclude: Texts = Field([], description="Columns that the score must not use.")


class Thresholds(Part):
    """From when on something needs attention."""

    stale_after_days: Days = Field(
        3, description="A source is stale when it has nothing newer than this many days before the report's day."
    )


class Strategy(Part):
    """The whole file. Every section may be left out."""

    version: Version = Field(1, description="The version of this file's format.")
    data: DataAddress = Field(
        "",
        description="The database that holds the tables; see [databases](engines.md). If there is none, the tables are"
        " the files of the folder `data/`.",
    )
    organization: Organization = Field(Organization(), description="The company, and how its calendar and money work.")
    stakeholders: list[Stakeholder] = Field([], description="Whom marketing serves or depends on.")
    needs: list[Need] = Field([], description="What stakeholders need from marketing.")
    interviews: list[Interview] = Field([], description="How each of them ranks the needs.")
    agreements: list[Agreement] = Field([], description="What teams promise each other, and how fast.")
    goals: list[Goal] = Field([], description="What the team wants to reach.")
    channels: list[Channel] = Field([], description="The ways to reach people.")
    budget: Budget | None = Field(None, description="The money of one fiscal year.")
    people: list[Person] = Field([], description="The team.")
    tools: list[Tool] = Field([], description="The tools in the stack.")
    lead_scoring: LeadScoring | None = Field(None, description="What the lead score predicts, and from what.")
    thresholds: Thresholds = Field(Thresholds(), description="From when on something needs attention.")
