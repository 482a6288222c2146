"""Columns of the tables that several notebooks show, so that a cell names them in a word."""

from __future__ import annotations

from collections.abc import Mapping

from mopsnb.view.columns import Column

METRIC_COLUMNS: Mapping[str, Column] = {
    "title": Column("Metric"),
    "value": Column("Latest month", "value", "unit"),
    "change": Column("Against the month before", "change"),
    "numerator": Column("Counted", "number"),
    "denominator": Column("Base", "number"),
    "formula": Column("Formula"),
}
DEFINITION_COLUMNS: Mapping[str, Column] = {
    "title": Column("Definition"),
    "value": Column("Latest month", "value", "unit"),
    "difference": Column("Differs by", "percent_points"),
    "numerator": Column("Counted", "number"),
    "denominator": Column("Base", "number"),
    "why": Column("What explains it"),
}
OPENS_COLUMNS: Mapping[str, Column] = {**DEFINITION_COLUMNS, "caution": Column("Caution")}
METHOD_COLUMNS: Mapping[str, Column] = {
    "title": Column("Metric"),
    "period": Column("Month", "month"),
    "median": Column("Forecast", "value", "unit"),
    "low": Column("Low", "value", "unit"),
    "high": Column("High", "value", "unit"),
    "beside": Column("Other way", "value", "unit"),
    "method": Column("Forecast by"),
    "error_ratio": Column("Error share", "percent", digits=0),
}
AD_COLUMNS: Mapping[str, Column] = {
    "period_start": Column("Month", "month"),
    "ad_spend": Column("Ad spend", "currency", digits=2),
    "ad_impressions": Column("Impressions", "count"),
    "ad_clicks": Column("Clicks", "count"),
    "ad_conversions": Column("Conversions, as platforms count them", "number"),
}
CHANNEL_COLUMNS: Mapping[str, Column] = {
    "channel": Column("Channel", "name"),
    "first_month": Column("First month", "month"),
    "last_month": Column("Last month", "month"),
    "ad_spend": Column("Ad spend", "currency", digits=2),
    "ad_impressions": Column("Impressions", "count"),
    "ad_clicks": Column("Clicks", "count"),
    "ad_conversions": Column("Conversions, as platforms count them", "number"),
}
GOAL_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "status": Column("Status", "status"),
    "actual": Column("Actual", "value", "unit"),
    "basis": Column("Actual covers"),
    "expected": Column("Expected by now", "value", "unit"),
    "achieved_text": Column("Achieved"),
    "target": Column("Target", "value", "unit"),
    "deadline": Column("Deadline", "date"),
    "owner": Column("Owner"),
}
NEED_COLUMNS: Mapping[str, Column] = {
    "name": Column("Need"),
    "mean_rank": Column("Mean rank", "number", digits=1),
    "best": Column("Best", "number", digits=1),
    "worst": Column("Worst", "number", digits=1),
    "first_for": Column("First for"),
    "goals": Column("Goals that answer it"),
}
TRACE_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "orphan": Column("Lacks"),
    "metric": Column("Metric"),
    "tasks": Column("Tasks", "count"),
    "stakeholders": Column("For"),
    "parent": Column("Serves the goal"),
}
ROLLUP_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Parent goal"),
    "own_status": Column("Its own figure", "status"),
    "rolled_up": Column("Key results, mean", "percent", digits=0),
    "coverage": Column("Counted"),
    "health": Column("Health", "status"),
    "weakest": Column("Weakest key results"),
}
VERDICT_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "S": Column("Specific"),
    "M": Column("Measurable"),
    "A": Column("Attainable"),
    "R": Column("Relevant"),
    "T": Column("Time-bound"),
}
FLAW_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "name": Column("Letter"),
    "reason": Column("Why it fails"),
    "fix": Column("What to write"),
}
READING_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "read": Column("Read from the sentence"),
    "notes": Column("Assumed, or left open"),
}
PAST_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "asked": Column("Asked", "value", "unit"),
    "median": Column("Past, middle", "value", "unit"),
    "best": Column("Past, best", "value", "unit"),
    "position": Column("Past changes"),
    "independent": Column("Without overlap", "count"),
    "chance": Column("Chance of target"),
}
REWRITE_COLUMNS: Mapping[str, Column] = {
    "statement": Column("Goal"),
    "rewrite": Column("Would pass as"),
    "proposed": Column("Proposed, to be decided"),
    "lacks": Column("Why there is no rewrite"),
}
ACTION_COLUMNS: Mapping[str, Column] = {
    "action": Column("Action"),
    "reason": Column("Because"),
    "owner": Column("Owner"),
    "due": Column("By", "date"),
}
PACE_COLUMNS: Mapping[str, Column] = {
    "name": Column("Budget"),
    "status": Column("Status", "status"),
    "expected": Column("Expected by now", "currency"),
    "spent": Column("Spent", "currency"),
    "variance": Column("Difference", "currency"),
    "variance_share": Column("Against expected", "change"),
}
PROJECTION_COLUMNS: Mapping[str, Column] = {
    "name": Column("Budget"),
    "plan_year": Column("Plan for the year", "currency"),
    "projected": Column("Projected", "currency"),
    "low": Column("From", "currency"),
    "high": Column("To", "currency"),
    "crosses_on": Column("Plan used up on", "date"),
}
REMAINING_COLUMNS: Mapping[str, Column] = {
    "name": Column("Budget"),
    "committed": Column("Committed, not invoiced", "currency"),
    "remaining": Column("Remains", "currency"),
    "per_month": Column("Allows each month", "currency"),
    "per_day": Column("Allows each day", "currency"),
    "recent_per_day": Column("Last 30 days, each day", "currency"),
    "owner": Column("Owner"),
}
RETURN_COLUMNS: Mapping[str, Column] = {
    "name": Column("Channel"),
    "spend": Column("Spend", "currency"),
    "value": Column("Value that platforms report", "currency"),
    "return_on_ad_spend": Column("Return on ad spend", "number"),
    "low": Column("From", "number"),
    "high": Column("To", "number"),
    "change": Column("Against a year earlier", "change"),
    "note": Column("Note"),
}
MODEL_COLUMNS: Mapping[str, Column] = {
    "title": Column("Model"),
    "auc_shuffled": Column("AUC, shuffled", "number", digits=3),
    "auc_time": Column("AUC, time order", "number", digits=3),
    "auc_time_low": Column("From", "number", digits=3),
    "auc_time_high": Column("To", "number", digits=3),
    "brier_time": Column("Brier score", "number", digits=3),
    "lift_time": Column("Lift of the best tenth", "number", digits=1),
}
EXCLUDED_COLUMNS: Mapping[str, Column] = {
    "column": Column("Column"),
    "reason": Column("Why"),
    "evidence": Column("Evidence"),
}
SEGMENT_COLUMNS: Mapping[str, Column] = {
    "attribute": Column("Attribute", "name"),
    "value": Column("Value", "name"),
    "leads": Column("Leads", "count"),
    "rate": Column("Converted", "percent"),
    "low": Column("From", "percent"),
    "high": Column("To", "percent"),
    "lift": Column("Lift", "number", digits=2),
}
POINT_COLUMNS: Mapping[str, Column] = {
    "attribute": Column("Attribute", "name"),
    "value": Column("Value", "name"),
    "points": Column("Points", "count"),
    "beside_average": Column("Against the average lead", "signed", digits=0),
    "leads": Column("Leads", "count"),
    "rate": Column("Converted", "percent"),
}
BAND_COLUMNS: Mapping[str, Column] = {
    "score_from": Column("Score from", "count"),
    "score_to": Column("to", "count"),
    "leads": Column("Leads", "count"),
    "predicted": Column("Promised", "percent"),
    "rate": Column("Observed", "percent"),
    "low": Column("From", "percent"),
    "high": Column("To", "percent"),
}
MASKED_CALL_COLUMNS: Mapping[str, Column] = {
    "contact_id": Column("Contact"),
    "company": Column("Company"),
    "came_in": Column("Came in", "date"),
    "score": Column("Score", "count"),
    "probability": Column("Chance", "percent"),
    "low": Column("From", "percent"),
    "high": Column("To", "percent"),
    "why": Column("Why"),
}
CALL_COLUMNS: Mapping[str, Column] = {**MASKED_CALL_COLUMNS, "email": Column("E-mail")}
LEFT_OUT_COLUMNS: Mapping[str, Column] = {"reason": Column("Reason"), "leads": Column("Records", "count")}
PROMISE_COLUMNS: Mapping[str, Column] = {
    "name": Column("Promise"),
    "deliverable": Column("What is delivered"),
    "provider": Column("By"),
    "consumer": Column("For"),
    "promise": Column("Within"),
    "target": Column("Share promised", "percent"),
    "on_breach": Column("What a breach sets off"),
}
ATTAINMENT_COLUMNS: Mapping[str, Column] = {
    "name": Column("Promise"),
    "status": Column("Status", "status"),
    "kept": Column("In time", "percent"),
    "low": Column("From", "percent"),
    "high": Column("To", "percent"),
    "target": Column("Promised", "percent"),
    "counted": Column("Decided", "count"),
    "late": Column("Closed late", "count"),
    "overdue": Column("Open, past it", "count"),
    "waiting": Column("Open, within it", "count"),
}
DURATION_COLUMNS: Mapping[str, Column] = {
    "name": Column("Promise"),
    "p50": Column("Half are closed within", "value", "unit"),
    "p90": Column("Nine in ten within", "value", "unit"),
    "p90_low": Column("From", "number"),
    "p90_high": Column("To", "number"),
    "promise": Column("Promised"),
}
BREACH_COLUMNS: Mapping[str, Column] = {
    "request_id": Column("Request"),
    "name": Column("Promise"),
    "owner": Column("Owner"),
    "state": Column("State", "name"),
    "due_on": Column("Was due", "date"),
    "took": Column("Took, or waits", "value", "unit"),
}
OWNER_COLUMNS: Mapping[str, Column] = {
    "owner": Column("Owner"),
    "name": Column("Promise"),
    "late": Column("Closed late", "count"),
    "overdue": Column("Open, past it", "count"),
    "counted": Column("Decided", "count"),
    "kept": Column("In time", "percent"),
    "low": Column("From", "percent"),
    "high": Column("To", "percent"),
}
AGE_COLUMNS: Mapping[str, Column] = {
    "name": Column("Promise"),
    "open": Column("Open", "count"),
    "first_half": Column("Up to half the threshold", "count"),
    "second_half": Column("Up to the threshold", "count"),
    "up_to_double": Column("Up to twice", "count"),
    "longer": Column("Longer", "count"),
    "oldest_age": Column("Longest wait", "value", "unit"),
    "next_due_on": Column("Next is due", "date"),
}
START_COLUMNS: Mapping[str, Column] = {
    "name": Column("What"),
    "needs": Column("Needs", "value", "unit"),
    "basis": Column("How we know"),
    "start_on": Column("Start or ask by", "date"),
    "start_at": Column("at"),
    "note": Column("Note"),
    "ready_on": Column("If started now, done on", "date"),
}
