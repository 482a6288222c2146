"""Studies: what a choice shows is worked out a second time here, on paper or in plain Python."""

import math
from datetime import date

import pandas as pd
import pytest

from mopsnb.analysis.scoring.calls import list_open
from mopsnb.analysis.studies import study_budget, study_goals, study_metrics, study_service
from mopsnb.analysis.studies.scenarios import count_reached, keep_people
from mopsnb.analysis.studies.study import OTHERS, build_parts
from mopsnb.errors import ParameterError
from mopsnb.strategy import Strategy

NAN = math.nan
CATALOGUE = pd.DataFrame(
    [
        ("email_churn_rate", "Email churn rate", "fraction", "down", False, "people who left ÷ people emailed"),
        ("total_clicks", "Total clicks", "count", "up", True, "clicks"),
        ("leads", "Leads", "count", "up", True, "contacts"),
        ("spend", "Spend", "currency", "", True, "money"),
        ("cost_per_lead", "Cost per lead", "currency", "down", False, "spend ÷ leads"),
    ],
    columns=["name", "title", "unit", "direction", "additive", "formula"],
).set_index("name")
MONTHS = pd.to_datetime(["2026-07-01", "2026-08-01", "2026-09-01"])


def settle(study, **chosen):
    """Return the values after a reader chose some of them, as the widgets would hold them."""
    values = {}
    for _ in range(3):
        values = {choice.name: values.get(choice.name, choice.value) for choice in study.offer(values)} | chosen
    return values


def ask(study, **chosen):
    return study.answer(settle(study, **chosen))


def make_monthly():
    rows = []
    for month in MONTHS:
        figures = {"email_churn_rate": (0.01, 20, 2000), "total_clicks": (500, 500, NAN), "leads": (40, 40, NAN),
                   "spend": (8000, 8000, NAN), "cost_per_lead": (200, 8000, 40)}  # fmt: skip
        rows += [(name, month, *numbers, True) for name, numbers in figures.items()]
    return pd.DataFrame(rows, columns=["metric", "period_start", "value", "numerator", "denominator", "is_complete"])


def make_parts():
    rows = [(month, name, value) for month in MONTHS for name, value in (("email", 10), ("search", 30))]
    frame = pd.DataFrame(rows, columns=["month", "channel", "value"])
    return {"channel": {"leads": frame.assign(numerator=frame["value"], denominator=NAN, is_complete=True)}}


def test_fewer_people_who_leave_are_people_kept():
    """2,000 people at 1% a month: 2000 × 0.99^12 = 1,772.8 stay; at 0.4% it is 2000 × 0.996^12 = 1,906.1."""
    assert round(keep_people(2000, 0.01), 1) == 1772.8
    assert round(keep_people(2000, 0.004), 1) == 1906.1
    answer = ask(study_metrics(make_monthly(), make_parts(), CATALOGUE, 12), metric="email_churn_rate", what_if=0.4)
    assert "1,906" in answer.sentences[0]
    assert "1,773" in answer.sentences[0]
    assert "+133" in answer.sentences[0]
    assert "people × (1 − churn rate)^12" in answer.sentences[0]


def test_clicks_and_leads_from_email_follow_the_people_kept():
    """Person-months kept, counted in a loop: clicks 500 ÷ 2,000 and leads from email 10 ÷ 2,000 for each of them."""
    more, now, then = 0.0, 2000.0, 2000.0
    for _ in range(12):
        now, then = now - now * 0.01, then - then * 0.004
        more += then - now
    assert math.isclose(count_reached(2000, 0.004) - count_reached(2000, 0.01), more)
    answer = ask(study_metrics(make_monthly(), make_parts(), CATALOGUE, 12), metric="email_churn_rate", what_if=0.4)
    assert f"Clicks over these 12 months: +{more * 500 / 2000:,.0f}" in answer.sentences[1]
    leads = more * 10 / 2000
    assert f"Leads from email over these 12 months: +{leads:.2f}".rstrip("0") in answer.sentences[2]
    assert "no forecast" in answer.sentences[-1]


def test_leads_from_email_stay_unknown_where_no_lead_names_it():
    answer = ask(study_metrics(make_monthly(), {}, CATALOGUE, 12), metric="email_churn_rate", what_if=0.4)
    assert "leads from email stay unknown" in answer.sentences[2]


def test_a_cost_is_solved_for_what_it_buys():
    """The same 8,000 at 160 a lead buys 50 leads instead of 40."""
    answer = ask(study_metrics(make_monthly(), make_parts(), CATALOGUE, 12), metric="cost_per_lead", what_if=160)
    assert "8,000" in answer.sentences[0]
    assert "50 instead of 40" in answer.sentences[0]


def test_a_sum_moves_what_is_divided_by_it():
    """50 leads for the same 8,000 are 160 each."""
    answer = ask(study_metrics(make_monthly(), make_parts(), CATALOGUE, 12), metric="leads", what_if=50)
    assert "Cost per lead in September 2026 would be 160 instead of 200" in answer.sentences[0]


def test_without_a_change_there_is_no_scenario_and_the_formula_stands_there():
    answer = ask(study_metrics(make_monthly(), make_parts(), CATALOGUE, 12), metric="leads", what_if=40, by="channel")
    assert "What if" not in set(answer.lines["series"])
    assert answer.sentences == ("Formula: contacts.",)
    assert answer.parts.groupby("segment")["value"].sum().to_dict() == {"email": 30, "search": 90}


def test_a_share_above_one_is_refused_in_words():
    study = study_metrics(make_monthly(), make_parts(), CATALOGUE, 12)
    assert "no share" in ask(study, metric="email_churn_rate", what_if=150).sentences[0]


def test_another_metric_starts_anew_with_its_own_breakdowns_and_value():
    study = study_metrics(make_monthly(), make_parts(), CATALOGUE, 12)
    churn, leads = (
        {choice.name: choice for choice in study.offer({"metric": name})} for name in ("email_churn_rate", "leads")
    )
    assert [value for _, value in churn["by"].options] == [""]
    assert [value for _, value in leads["by"].options] == ["", "channel"]
    assert (churn["what_if"].value, leads["what_if"].value) == (1.0, 40.0)
    assert churn["what_if"].key != leads["what_if"].key


def test_the_smallest_segments_are_one_and_their_sum_stays():
    rows = [{"x": MONTHS[0], "segment": f"s{place:02}", "value": float(place)} for place in range(30)]
    frame = build_parts(rows)
    assert frame["segment"].nunique() == 12
    assert frame["value"].sum() == sum(range(30))
    assert frame.set_index("segment")["value"][OTHERS] == sum(range(19))


def make_money():
    """Ten a day in each of 273 days to September 30, against a plan of 3,650; 92 days are left."""
    days = pd.date_range("2026-01-01", "2026-09-30")
    spend = pd.DataFrame({"date": days, "area": "ads", "channel": "search", "is_committed": False, "amount": 10.0})
    months = pd.date_range("2026-01-01", "2026-12-01", freq="MS")
    plan = pd.DataFrame({"period_start": months, "area": "ads", "channel": "search", "planned": 3650 / 12})
    row = {"id": "ads", "name": "Ads", "as_of": pd.Timestamp("2026-09-30"), "year_end": pd.Timestamp("2026-12-31"),
           "spent": 2730.0, "plan_year": 3650.0, "committed": 0.0, "recent_per_day": 10.0}  # fmt: skip
    frame = pd.DataFrame([row])
    return (spend, plan), {"area": frame, "channel": frame.assign(id="search"), "total": frame.assign(id="total")}


def test_another_spend_a_day_ends_the_year_elsewhere():
    """2,730 + 20 × 92 = 4,570, 920 above the plan; 920 that are left last 46 days, so the 47th crosses the plan."""
    answer = ask(study_budget(*make_money(), 12), per_day=20)
    text = " ".join(answer.sentences)
    assert "with 4,570" in text
    assert "920 above the plan of 3,650" in text
    assert "The plan is used up on November 16, 2026" in text
    assert "To end on plan: 10 a day." in text
    ahead = answer.lines[answer.lines["series"] == "What if"]
    assert ahead["value"].tolist() == [20 * 31, 20 * 30, 20 * 31]


def test_spend_of_the_months_shown_adds_up():
    answer = ask(study_budget(*make_money(), 3), months=3)
    assert answer.lines[answer.lines["series"] == "Spent"]["value"].tolist() == [310, 310, 300]
    assert answer.parts["value"].sum() == 920


GOAL = {"id": "clicks", "statement": "More clicks", "metric": "total_clicks", "baseline": 1000, "target": 1200}
STRATEGY = Strategy.model_validate({"version": 1, "goals": [GOAL | {"start": "2026-01-01", "deadline": "2026-12-31"}]})


def make_history():
    months = pd.date_range("2023-01-01", "2026-06-01", freq="MS")
    frame = pd.DataFrame({"period_start": months, "value": 100.0, "numerator": 100.0, "denominator": NAN})
    return {"clicks": frame.assign(is_complete=True)}


def test_another_target_asks_for_another_pace():
    """600 are there and six months are left, so 600 more are 100 a month, and 900 more 150."""
    study = study_goals(STRATEGY, CATALOGUE, make_history(), date(2026, 6, 30), "linear")
    before, after = ask(study), ask(study, target=1500)
    assert "Required pace: 100 a month" in " ".join(before.sentences)
    text = " ".join(after.sentences)
    assert "Required pace: 150 a month" in text
    assert "For the goal as it stands: 100 a month." in text
    assert "the chance is below 1%" in text
    assert set(after.lines["series"]) == {"What if", "Actual", "Path"}
    assert set(before.lines["series"]) == {"Actual", "Path"}


def test_what_months_add_is_the_difference_of_the_running_totals():
    study = study_goals(STRATEGY, CATALOGUE, make_history(), date(2026, 6, 30), "linear")
    parts = ask(study).parts
    assert parts[parts["segment"] == "Actual"]["value"].dropna().tolist() == [100.0] * 6
    assert math.isclose(parts[parts["segment"] == "Path"]["value"].sum(), 1200)


@pytest.mark.parametrize("day", ["", "2025-12-31", "soon"])
def test_a_deadline_that_cannot_be_is_refused(day):
    study = study_goals(STRATEGY, CATALOGUE, make_history(), date(2026, 6, 30), "linear")
    with pytest.raises(ParameterError, match="The deadline is"):
        ask(study, deadline=day)


def test_nothing_to_choose_where_there_is_no_data():
    assert study_goals(STRATEGY, CATALOGUE, {}, None, "linear").offer({}) == ()
    assert study_metrics(make_monthly().iloc[:0], {}, CATALOGUE, 12).offer({}) == ()
    money, paced = make_money()
    empty = {key: frame.iloc[:0] for key, frame in paced.items()}
    assert study_budget(money, empty, 12).offer({}) == ()
    columns = ["agreement", "month", "state"]
    given = {"months": 12, "lead_days": 45, "event": ""}
    assert study_service(pd.DataFrame(columns=columns), STRATEGY, None, None, given).offer({}) == ()


@pytest.fixture(scope="module")
def sample():
    import mopsnb

    return mopsnb.open("")


@pytest.mark.slow
def test_a_promise_is_judged_by_its_interval_and_owners_add_up_to_it(sample):
    """Requests are counted again from the judged table, by owner and in all."""
    from mopsnb.analysis import service

    timetable = service.read_timetable(sample.strategy)
    judged = service.judge_requests(sample.requests(), sample.strategy, timetable, sample.as_of)
    study = study_service(judged, sample.strategy, timetable, sample.as_of, {"months": 6, "lead_days": 45, "event": ""})
    answer = ask(study, promise=80, lead_days=10)
    name = settle(study)["agreement"]
    mine = judged[(judged["agreement"] == name) & (judged["month"] >= pd.Timestamp(2026, 4, 1))]
    decided = mine[mine["state"].isin(["in_time", "late", "overdue"])]
    kept = int((decided["state"] == "in_time").sum())
    assert answer.sentences[0].startswith(f"{kept} of {len(decided)} decided requests")
    assert answer.parts["numerator"].sum() == kept
    assert answer.parts["denominator"].sum() == len(decided)
    assert "10 business days" in answer.sentences[-1]


@pytest.mark.slow
def test_a_higher_score_gives_fewer_leads_and_conversions_are_the_sum_of_chances(sample):
    from mopsnb.analysis import scoring
    from mopsnb.analysis.studies import study_leads

    leads = scoring.prepare_leads(sample.leads(), sample.strategy.lead_scoring, as_of=sample.as_of)
    scores = scoring.score_leads(leads)
    study = study_leads(leads, scores, 20)
    found = list_open(leads, scores)
    listed = scoring.list_calls(leads, scores, count=len(found))
    assert listed["probability"].sum() == pytest.approx(found["probability"].sum())
    assert set(listed["contact_id"]) == set(found["contact_id"])
    low, high = ask(study, threshold=60), ask(study, threshold=75)
    for threshold, answer in ((60, low), (75, high)):
        chosen = listed[listed["score"] >= threshold]
        assert answer.sentences[0].startswith(f"{len(chosen):,} open leads of {len(found):,}")
        assert math.isclose(answer.lines["value"].sum(), len(found))
        part = answer.parts[answer.parts["x"] >= threshold]["value"].sum()
        assert part == pytest.approx(chosen["probability"].sum())
