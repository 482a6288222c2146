"""Leads are put in time order, and each column gets its role with a reason."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scoring_samples import DRIVERS, NOISE, make_leads

from mopsnb.analysis.scoring import prepare_leads
from mopsnb.errors import StrategyError
from mopsnb.strategy import LeadScoring


def reasons(leads):
    return dict(zip(leads.excluded["column"], leads.excluded["reason"]))


def names(columns):
    return {column.name for column in columns}


def test_honest_columns_are_attributes_and_nothing_is_set_aside():
    leads = prepare_leads(make_leads())

    assert names(leads.attributes) == {*DRIVERS, *NOISE}
    assert leads.excluded.empty
    assert leads.context == ()


def test_leads_stand_in_time_order_whatever_the_order_of_the_rows():
    frame = make_leads(count=500)

    leads = prepare_leads(frame.sample(frac=1, random_state=1))

    assert leads.frame["contact_id"].tolist() == frame["contact_id"].tolist()
    assert leads.won.tolist() == frame["is_converted"].tolist()
    assert leads.order == "created_at"


def test_without_a_date_the_rows_are_in_time_order_and_that_is_said():
    leads = prepare_leads(make_leads(count=500).drop(columns="created_at"))

    assert leads.order == "the order of the rows"
    assert leads.notes == ("There is no created_at, so the order of the rows is taken as the order of time.",)


def test_an_empty_date_column_is_like_none():
    leads = prepare_leads(make_leads(count=500, created_at=pd.NaT))

    assert leads.order == "the order of the rows"


def test_a_lead_without_a_date_stands_first():
    frame = make_leads(count=300)
    frame.loc[200, "created_at"] = pd.NaT

    leads = prepare_leads(frame)

    assert leads.frame["contact_id"].iloc[0] == "C00200"
    assert "1 leads have no created_at" in leads.notes[0]


def test_numbers_can_order_leads():
    frame = make_leads(count=300).drop(columns="created_at").assign(turn=np.arange(300)[::-1])

    leads = prepare_leads(frame, LeadScoring(order_by="turn"))

    assert leads.frame["contact_id"].iloc[0] == "C00299"
    assert "turn" not in names(leads.attributes)


def test_personal_data_ids_and_constants_are_set_aside_with_a_reason():
    numbers = np.arange(400)
    frame = make_leads(
        count=400,
        email=[f"a{n}@x.example" for n in numbers],
        kontakt=[f"b{n}@x.example" for n in numbers],
        phone=[f"+1 555 {n}" for n in numbers],
        first_name=np.where(numbers % 3, "Ana", np.where(numbers % 2, "Bo", "Cy")),
        account_id=[f"A{n // 3}" for n in numbers],
        slogan=[f"word {n}" for n in numbers],
        town=[f"town {n // 4}" for n in numbers],
        brand="one",
        nothing=None,
    )

    leads = prepare_leads(frame)

    assert reasons(leads) == {
        **dict.fromkeys(("email", "kontakt", "phone", "first_name"), "identifies a person"),
        "account_id": "identifies a record",
        **dict.fromkeys(("slogan", "town"), "too many different values"),
        "brand": "the same for every lead",
    }
    assert "nothing" not in set(leads.columns["column"])


def test_the_state_on_the_day_of_the_export_is_set_aside():
    stage = np.where(np.arange(400) % 2, "lead", "mql")
    day = pd.Timestamp("2026-01-01", tz="UTC")

    leads = prepare_leads(make_leads(count=400, lifecycle_stage=stage, updated_at=day, email_opt_out=stage == "lead"))

    assert reasons(leads) == dict.fromkeys(
        ("lifecycle_stage", "updated_at", "email_opt_out"), "written after the lead came in"
    )


def test_what_the_team_excludes_is_set_aside_and_an_unknown_name_is_said():
    leads = prepare_leads(make_leads(count=400), LeadScoring(exclude=["pages", "brwser"]))

    assert reasons(leads) == {"pages": "excluded by the team"}
    assert leads.notes == ("The strategy excludes 'brwser', which the leads do not have. Did you mean 'browser'?",)


def test_a_date_later_than_the_lead_is_set_aside_and_an_earlier_one_counts_days():
    frame = make_leads(count=400)
    days = pd.to_timedelta(np.arange(400) % 90, unit="D")

    leads = prepare_leads(frame.assign(first_seen=frame["created_at"] - days, renewed=frame["created_at"] + days))

    assert reasons(leads) == {"renewed": "written after the lead came in"}
    seen = next(column for column in leads.attributes if column.name == "first_seen")
    assert seen.cells[:3].tolist() == [0.0, 1.0, 2.0]


def test_a_date_on_the_day_of_the_lead_says_whether_there_is_one():
    frame = make_leads(count=400)

    leads = prepare_leads(frame.assign(consent_at=frame["created_at"].where(np.arange(400) % 2 == 0)))

    consent = next(column for column in leads.attributes if column.name == "consent_at")
    assert consent.levels == ("no date", "a date")
    assert consent.cells[:3].tolist() == [1.0, 0.0, 1.0]


@pytest.mark.parametrize("dated", [True, False], ids=["by day", "by the order of the rows"])
def test_a_column_that_is_the_same_for_all_leads_of_a_period_is_context(dated):
    hours = np.arange(3000)
    frame = make_leads(rate=np.round(np.sin(hours // 480), 3), weekday=(hours // 24 % 7).astype(str), clock=hours * 2)

    leads = prepare_leads(frame if dated else frame.drop(columns="created_at"))

    assert names(leads.context) == {"rate", "weekday", "clock"}
    assert names(leads.attributes) == {*DRIVERS, *NOISE}
    assert leads.excluded.empty
    assert (leads.context_columns["reason"] == "the same for every lead of a period").all()


def test_deleted_and_merged_records_and_bots_are_no_leads():
    frame = make_leads(count=400, is_deleted="false", merged_into=None, is_bot=False)
    frame.loc[[1, 2], "is_deleted"] = "true"
    frame.loc[[2, 3], "merged_into"] = "C00009"
    frame.loc[4, "is_bot"] = True

    leads = prepare_leads(frame)

    assert len(leads.frame) == 396
    assert dict(zip(leads.removed["reason"], leads.removed["leads"])) == {
        "deleted": 2,
        "merged into another record": 1,
        "bot": 1,
    }


def test_leads_that_had_no_time_to_convert_are_not_learned_from():
    """2,400 hourly leads of 100 days; all conversions come after 10 days; 239 leads are younger at midnight."""
    frame = make_leads(count=2400)
    frame["converted_at"] = (frame["created_at"] + pd.Timedelta(days=10)).where(frame["is_converted"])

    leads = prepare_leads(frame, as_of=date(2024, 4, 9))

    assert leads.learn.tolist() == list(range(2400 - 239))
    assert leads.notes == (
        "Nine in ten conversions come within 10 days. 239 leads are younger, so nothing is learned from them yet.",
    )


def test_an_unknown_outcome_is_not_learned_from():
    frame = make_leads(count=400)
    frame["is_converted"] = frame["is_converted"].astype("boolean")
    frame.loc[:9, "is_converted"] = pd.NA

    leads = prepare_leads(frame)

    assert leads.learn.tolist() == list(range(10, 400))
    assert np.isnan(leads.outcome[:10]).all()


def test_an_outcome_filled_only_for_conversions_reads_the_rest_as_no():
    frame = make_leads(count=400)
    frame["is_converted"] = np.where(frame["is_converted"], "yes", None)

    leads = prepare_leads(frame)

    assert len(leads.learn) == 400
    assert 0 < leads.won.sum() < 400
    assert leads.notes == ("is_converted is filled only for leads that converted. The others count as not converted.",)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (LeadScoring(target="converted"), "Did you mean 'is_converted'?"),
        (LeadScoring(target="source"), "which holds 'event', 'list', 'referral'"),
        (LeadScoring(order_by="creatd"), "lead_scoring.order_by"),
        (LeadScoring(order_by="source"), "a column of dates or numbers"),
    ],
    ids=["no such target", "target is no yes or no", "no such order", "order is text"],
)
def test_a_strategy_that_does_not_fit_the_leads_is_refused_with_what_to_do(settings, said):
    with pytest.raises(StrategyError) as caught:
        prepare_leads(make_leads(count=300), settings)

    assert said in str(caught.value)


def test_no_leads_at_all_are_read_without_complaint():
    leads = prepare_leads(make_leads(count=300).iloc[:0])

    assert len(leads.frame) == len(leads.learn) == 0
