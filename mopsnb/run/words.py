"""The words that the pages use, each explained in a sentence or two."""

from __future__ import annotations

WORDS = {
    "achieved": (
        "The part of the change expected by now that a goal has made: 100% is as expected, below 0% the figure moved "
        "away from its target."
    ),
    "agreement": (
        "A service-level agreement inside the company: who provides what to whom, how fast, and how often that must "
        "hold."
    ),
    "as of": (
        "The day a report speaks for. Rows after that day are ignored. Without one, it is the latest event or spend "
        "date in the data."
    ),
    "attainment": "The share of decided requests under an agreement that were closed in time.",
    "AUC": (
        "How well a score ranks leads: the chance that a lead that converts has a higher score than one that does "
        "not. 0.5 is a coin, 1 is perfect."
    ),
    "backtest": (
        "A test of a forecast on the past: at earlier dates it had to say what came later, and is compared with what "
        "came."
    ),
    "base": "What a rate is divided by: of how many, or of how much. A figure without its base cannot be compared.",
    "baseline": (
        "The value a goal starts from: of a total, that of a period as long as the goal's own; of a rate, its level."
    ),
    "behind, at risk, on track": (
        "A goal's status: its progress compared with its target path. The rule is in [Methods](methods.md)."
    ),
    "boosting": (
        "A model made of many small decision trees, each of which corrects the ones before. It stands beside the "
        "points card to see what the card misses."
    ),
    "breach": "A request closed after its threshold, or open and past it.",
    "Brier score": (
        "The mean squared difference between promised probabilities and what happened. 0 is perfect; lower is better."
    ),
    "business day": "The opening hours of one date that is no holiday. Half of them are half a business day.",
    "business hour": (
        "An hour in which it is open: within the opening hours of the strategy file, in its time zone, on no holiday."
    ),
    "calibration": "Whether a promised probability is what happens: of leads with a chance of 20%, about 20% convert.",
    "campaign map": "The table that says which campaign a name in another system belongs to.",
    "canonical table": (
        "A table whose name, columns and meaning the data contract fixes, whatever product the rows came from."
    ),
    "catalogue": "The list of all metrics with their definitions.",
    "chance of target": (
        "The share of possible futures, drawn from the forecast, in which a goal reaches its target by its deadline."
    ),
    "channel": (
        "Where marketing reaches people, such as email, search or events. The strategy file names the team's own."
    ),
    "checkpoint": "A day before the deadline on which a goal's progress is looked at.",
    "clause": "One measurable promise of an agreement between teams.",
    "click event": "One click on a link in an email. One person may click many times.",
    "committed": "Money that is promised, by an order or a contract, and not yet invoiced.",
    "complete month": "A month that ended on or before the report's day. Comparisons use complete months alone.",
    "context column": "A column that says when a lead came, not who it is: the same for every lead of a period.",
    "coordinator": "The person who runs the plan, named in the strategy file. What has no owner lands there.",
    "cost per lead": "Marketing spend divided by the leads of the same months.",
    "customer acquisition cost": "Marketing spend divided by the new customers of the same months.",
    "data through": "The latest day for which the workspace holds an event or spend.",
    "deadline": "The last day of a goal. Its target is due then.",
    "decided": "A request that is closed, or open past its threshold. One that is open within it is not decided yet.",
    "delivered pair": (
        "A distinct pair of contact and campaign with at least one delivered email in the month. The framework calls "
        "it a unique recipient impression."
    ),
    "direction": "Whether a metric is better when it goes up, better when it goes down, or neither.",
    "driver tree": (
        "What a goal asks of each step that leads to it, from revenue down to spend, at the rates of the last twelve "
        "months."
    ),
    "email list": (
        "The contacts who can be written to: with an address, neither deleted nor merged, and not gone by "
        "unsubscribe, hard bounce or complaint."
    ),
    "error, warning, note (severity)": (
        "How severe a finding is. Error: a number or a promise is broken, act within a week. Warning: look at it "
        "within two. Note: good to know; files of results call it `info`. A forecast's error is another thing: how "
        "far it was off."
    ),
    "exponential smoothing": "A way to forecast in which newer months count more than older ones.",
    "fault": "A cell, line or file that cannot be used. The step that needs it stops.",
    "finding": "Something that needs attention: severity, evidence, proposed fix, owner, place.",
    "forecast": (
        "What the months so far let one expect, with a range. It knows nothing of what you plan to do differently."
    ),
    "freshness": "How old the newest row of a source is, against how old it may be.",
    "goal": "What the team wants to reach: one metric, from a baseline to a target, by a deadline, with an owner.",
    "headless": "Run by a program, with nobody in front of the notebook.",
    "headline": "A figure that a page leads with.",
    "interval": (
        "A range with a promise: of many 80% intervals, about 80 in 100 hold what then comes; of many 95% intervals, "
        "about 95 in 100 hold the true figure."
    ),
    "Kendall's W": (
        "How far several people rank the same things alike: 0 is no agreement, 1 is all alike. The formula is in "
        "[Methods](methods.md)."
    ),
    "kernel": "The process that runs a notebook's cells.",
    "key result": "A goal right below a parent goal. The parent is as healthy as its weakest key result.",
    "lagging indicator": (
        "A figure that tells how something ended, such as revenue or new customers. It is what counts, and it comes "
        "too late to steer by."
    ),
    "lead": "A person who entered the database. Deleted and merged records do not count.",
    "leading indicator": (
        "A figure that moves before the one that counts, such as leads before revenue. One can still act on it; "
        "whether it leads in your team is for your data to show."
    ),
    "leak": "A column that knows the future: it is filled, or changed, after the lead converted.",
    "level": "Where a metric stays, apart from noise and season. It changes when a shift is confirmed.",
    "lift": "How much better than average: a lift of 3 means three times the share of all leads.",
    "logistic regression": "A model that adds up what each attribute of a lead says about the chance to convert.",
    "marketing qualified lead (MQL)": "A lead that marketing judges ready for sales.",
    "may run out early": (
        "A budget whose projection is above its plan, or uses it up more than a month before the year ends, while the"
        " interval still holds the plan."
    ),
    "measure": "A count, a sum or a distinct count over one table. Metrics are made of measures.",
    "median": "The middle value: half lie below it, half above.",
    "metric": "A named figure with a formula, a base, a unit and a direction.",
    "missing days": (
        "Days on which a source that has rows on nearly every such day holds none. A dip of that month may be missing "
        "data."
    ),
    "mix": (
        "The part of a change that comes from other shares: more of the traffic, leads or spend lies in a segment "
        "with a high or a low rate."
    ),
    "moving range": "The difference between a month and the month before, without its sign.",
    "natural process limits": (
        "The range in which a steady series moves: mean ± 2.66 × mean moving range. A month outside it is a signal."
    ),
    "need": (
        "Something that stakeholders need from marketing, under one name in the strategy file. Interviews rank needs,"
        " goals answer them."
    ),
    "needed pace": "What each remaining month must bring for a goal to reach its target by the deadline.",
    "noise": (
        "Differences that chance alone makes. A goal is within the noise when the expected figure lies inside the 95%"
        " interval of the actual one."
    ),
    "not defined": (
        "A goal or a page for which the strategy file must say more. Without data, in contrast, means that a table is"
        " missing."
    ),
    "notebook": (
        "A file of text, code and results that answers one question. Each page of a report is one notebook, run from "
        "top to bottom."
    ),
    "overdue": "Open, and past the threshold.",
    "owner": "Who answers for a goal, an agreement, a tool or a finding, by name.",
    "p-value": (
        "How often chance alone makes differences as large as these. A small one, such as below 0.01, speaks against "
        "chance."
    ),
    "p50, p90": "The time within which half of all requests are closed, and nine in ten.",
    "pace": "What was spent divided by what was planned, over the last full months.",
    "papermill": "The program that fills a notebook's parameters and runs it from top to bottom.",
    "parameter": "A setting at the top of a notebook, such as the months shown. A scheduled run sets the same ones.",
    "parent goal": "A larger goal that this one leads to.",
    "percentage points": "The difference between two percentages: from 4% to 5% is one point, and a quarter more.",
    "phased plan": "The year's budget spread over its months.",
    "points card": "A list of values with their points. The points of a lead add up to its score.",
    "power and interest": "How much a stakeholder can decide, and how much they care, each from 1 to 5.",
    "probability": "A chance between 0% and 100%.",
    "projection": "Where spend will end if the rest of the year goes as the plan's months and the pace so far say.",
    "promise": (
        "What an agreement says about one kind of request: how fast it is answered, and how often that must hold."
    ),
    "rate effect": "The part of a change that comes from the rates inside the segments, with their shares held still.",
    "report": "The site that a run leaves: a first page and a page for each notebook.",
    "request": (
        "One piece of work that somebody asks for under an agreement, such as a lead to call. It is a row of the "
        "table `service_event`."
    ),
    "restated": (
        "Said of an older figure that is another one today, because rows came late, were corrected or were removed."
    ),
    "return on ad spend": "The value that the ad platforms report for conversions, divided by ad spend.",
    "roll-up": "A parent goal's progress worked out from the goals below it.",
    "run": "One execution of the notebooks, filed with its date.",
    "sales qualified lead (SQL)": "A lead that sales has accepted as ready for an offer.",
    "scope": "The rows that a goal is about, such as `{channel: search}`. It limits every part of a metric.",
    "season": "What repeats each year: each month's usual distance from the level.",
    "segment": "A part of a total, such as one channel, campaign or region.",
    "service level": "How often the requests under an agreement are answered as fast as promised.",
    "shift": "A lasting change of a metric's level.",
    "signal": (
        "A month that chance rarely makes: outside its usual range, or the eighth in a row on one side of the level. "
        "It deserves a cause."
    ),
    "SMART": "Specific, measurable, attainable, relevant and time-bound: five tests of a goal.",
    "stakeholder": "A person or group that wants something from marketing or decides about it.",
    "stale source": "A source whose newest row is older than the workspace allows.",
    "step": "One notebook that answers one question.",
    "strategy file": (
        "The file `strategy.yml` of a workspace. The team writes its goals, stakeholders, agreements, people and "
        "budget there."
    ),
    "stretch target": (
        "A target that one in ten of the possible futures reaches. Beside it stand a likely one (one in two) and a "
        "conservative one (nine in ten)."
    ),
    "target": "The figure that a goal wants to reach by its deadline.",
    "target path": "The line from a goal's baseline to its target; where the goal should stand on each day.",
    "threshold": "The longest time that a request under an agreement may take.",
    "traceability": (
        "The table that ties each goal to its metric, tasks and stakeholders, and shows what is tied to nothing."
    ),
    "unmapped": "Said of traffic or spend whose campaign name no row of the campaign map explains. Totals count it.",
    "usual range": (
        "The natural process limits of a metric's month: what its level and its season let one expect. A month "
        "outside it is a signal."
    ),
    "Wilson interval": "The range that a true share plausibly lies in, given how many cases were counted.",
    "workspace": "A folder that a team owns: `strategy.yml`, `data/` and `runs/`.",
}
