"""Work: tasks, requests under a service-level agreement, sign-offs and decisions, feedback."""

from mopsnb.data.contract.columns import at_least, column, declare_table, usually

TASK = declare_table(
    "task",
    "a piece of planned work",
    {
        "task_id": column("id", "The task's id.", required=True),
        "name": column("text", "What is to be done.", required=True),
        "category": column("text", "The kind of work."),
        "assignee": column("text", "Who does it."),
        "accountable": column("text", "Who answers for it."),
        "project": column("text", "The project."),
        "section": column("text", "The section of the project."),
        "status": column("text", "The status at the time of the export.", known_at="completed_at"),
        "created_at": column("timestamp", "When it was written down."),
        "start_on": column("date", "The planned first day."),
        "due_on": column("date", "The day it is due."),
        "completed_at": column("timestamp", "When it was done.", known_at="completed_at"),
        "parent_id": column("id", "The task that this one is a part of."),
        "depends_on": column("list", "Ids of the tasks that must be done first."),
        "effort_hours": column("decimal", "Expected effort.", at_least(0), unit="hours"),
        "effort_low": column("decimal", "Effort if all goes well.", at_least(0), unit="hours"),
        "effort_high": column("decimal", "Effort if it goes badly.", at_least(0), unit="hours"),
        "skill": column("text", "The skill that it takes."),
        "goal": column("text", "The goal that it serves: an id of the strategy file."),
        "expected_effect": column("text", "What it should change: metric, direction, size, confidence."),
    },
    key=("task_id",),
    role="record",
    time=("created_at",),
)

TASK_EVENT = declare_table(
    "task_event",
    "a change of a task's status",
    {
        "task_id": column("id", "The task.", required=True),
        "occurred_at": column("timestamp", "When.", required=True),
        "status": column("text", "The new status.", required=True),
        "who": column("text", "Who changed it."),
    },
    key=("task_id", "occurred_at"),
    role="event",
    time=("occurred_at",),
    grows=True,
    every_days=7,
)

SERVICE_EVENT = declare_table(
    "service_event",
    "a request under a service-level agreement",
    {
        "agreement": column("text", "The agreement: an id of the strategy file.", required=True),
        "request_id": column("id", "The request's id.", required=True),
        "contact_id": column("id", "The person it is about."),
        "owner": column("text", "Who must answer."),
        "opened_at": column("timestamp", "When the clock started.", required=True),
        "closed_at": column("timestamp", "When the request was met.", known_at="closed_at"),
        "paused_hours": column("decimal", "Hours in which the clock stood still.", at_least(0), unit="hours"),
    },
    key=("agreement", "request_id"),
    role="event",
    time=("opened_at",),
    grows=True,
    every_days=7,
)

APPROVAL = declare_table(
    "approval",
    "a stakeholder signs something off, or does not",
    {
        "approval_id": column("id", "The sign-off's id."),
        "subject": column("text", "What is signed off.", required=True),
        "who": column("text", "Who decides.", required=True),
        "at": column("timestamp", "When.", required=True),
        "verdict": column("text", "The answer, such as approved or rejected.", required=True),
        "reason": column("text", "Why."),
    },
    key=("approval_id",),
    role="record",
    time=("at",),
)

DECISION = declare_table(
    "decision",
    "a decision that was taken",
    {
        "decision_id": column("id", "The decision's id."),
        "subject": column("text", "What it is about.", required=True),
        "who": column("text", "Who decided.", required=True),
        "at": column("timestamp", "When.", required=True),
        "decision": column("text", "What was decided.", required=True),
        "reason": column("text", "Why."),
    },
    key=("decision_id",),
    role="record",
    time=("at",),
)

FEEDBACK = declare_table(
    "feedback",
    "an answer from a colleague or customer",
    {
        "feedback_id": column("id", "The answer's id.", required=True),
        "submitted_at": column("timestamp", "When it came in.", required=True),
        "who_kind": column("text", "Who answered.", usually("colleague", "customer")),
        "role": column("text", "The person's role."),
        "about": column("text", "What it is about."),
        "rating": column("decimal", "How satisfied the person is, on the form's scale."),
        "effort_rating": column("decimal", "How much effort it took the person, on the form's scale."),
        "text": column("text", "What the person wrote."),
        "triage": column("text", "What became of it."),
        "reply_at": column("timestamp", "When the person got a reply.", known_at="reply_at"),
    },
    key=("feedback_id",),
    role="record",
    time=("submitted_at",),
)

TABLES = (TASK, TASK_EVENT, SERVICE_EVENT, APPROVAL, DECISION, FEEDBACK)
