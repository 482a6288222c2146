"""People and companies, and how they move through the stages."""

from mopsnb.data.contract.columns import at_least, column, declare_table, usually

STAGES = ("subscriber", "lead", "mql", "sal", "sql", "opportunity", "customer", "recycled", "disqualified", "other")

CONTACT = declare_table(
    "contact",
    "a person in the database",
    {
        "contact_id": column("id", "The person's id.", required=True),
        "email": column("text", "The person's email address."),
        "phone": column("text", "The person's phone number."),
        "created_at": column("timestamp", "When the person entered the database."),
        "updated_at": column("timestamp", "When the record last changed.", known_at="updated_at"),
        "last_activity_at": column("timestamp", "When the person last did something.", known_at="last_activity_at"),
        "record_type": column("text", "Whether the record is a lead or a contact.", usually("lead", "contact")),
        "lifecycle_stage": column("text", "The stage at the time of the export.", usually(*STAGES)),
        "lead_status": column("text", "The working status of the lead, in the team's own words."),
        "lead_source": column("text", "Where the person came from, in the team's own words."),
        "owner": column("text", "Who in the team looks after the person."),
        "account_id": column("id", "The company that the person belongs to."),
        "company": column("text", "The company's name as the person gave it."),
        "industry": column("text", "The company's industry."),
        "country": column("text", "The person's country."),
        "region": column("text", "The person's region."),
        "job_title": column("text", "The person's job title."),
        "email_opt_out": column("boolean", "True: the person does not want email."),
        "consent_basis": column("text", "The legal basis for writing to the person.", known_at="consent_at"),
        "consent_at": column("timestamp", "When consent was given.", known_at="consent_at"),
        "converted_at": column("timestamp", "When the lead was converted.", known_at="converted_at"),
        "is_converted": column("boolean", "True: the lead was converted.", known_at="converted_at"),
        "converted_contact_id": column("id", "The contact that the lead became.", known_at="converted_at"),
        "merged_into": column("id", "The contact that this duplicate was merged into."),
        "is_deleted": column("boolean", "True: the record is in the recycle bin."),
    },
    key=("contact_id",),
    role="record",
    time=("created_at",),
    marks=("created_at", "updated_at", "last_activity_at"),
    grows=True,
    every_days=7,
)

ACCOUNT = declare_table(
    "account",
    "a company",
    {
        "account_id": column("id", "The company's id.", required=True),
        "name": column("text", "The company's name.", required=True),
        "domain": column("text", "The company's web domain."),
        "industry": column("text", "The company's industry."),
        "country": column("text", "The company's country."),
        "employees": column("integer", "How many people work there.", at_least(0), unit="people"),
        "owner": column("text", "Who in the team looks after the company."),
        "tier": column("text", "The company's rank in the team's own words."),
    },
    key=("account_id",),
    role="record",
    grows=True,
)

STAGE_EVENT = declare_table(
    "stage_event",
    "a contact enters a stage",
    {
        "contact_id": column("id", "The person.", required=True),
        "stage": column("text", "The stage that the person enters.", usually(*STAGES), required=True),
        "entered_at": column("timestamp", "When the person entered it.", required=True),
        "reason": column("text", "Why, in the team's own words."),
    },
    key=("contact_id", "stage", "entered_at"),
    role="event",
    time=("entered_at",),
    grows=True,
    every_days=7,
)

LEAD_ACTIVITY = declare_table(
    "lead_activity",
    "something that a lead did, for scoring",
    {
        "contact_id": column("id", "The person.", required=True),
        "activity_type": column("text", "What the person did, such as webinar_attended.", required=True),
        "occurred_at": column("timestamp", "When.", required=True),
        "value": column("number", "How much or how many, where that makes sense."),
    },
    key=("contact_id", "activity_type", "occurred_at"),
    role="event",
    time=("occurred_at",),
    grows=True,
)

ASSIGNMENT_EVENT = declare_table(
    "assignment_event",
    "a lead is given to a representative",
    {
        "contact_id": column("id", "The lead.", required=True),
        "rep": column("text", "Who gets the lead.", required=True),
        "assigned_at": column("timestamp", "When.", required=True),
        "reason": column("text", "By which rule."),
        "first_response_at": column(
            "timestamp", "When the representative first got in touch.", known_at="first_response_at"
        ),
    },
    key=("contact_id", "assigned_at"),
    role="event",
    time=("assigned_at",),
    grows=True,
    every_days=7,
)

TABLES = (CONTACT, ACCOUNT, STAGE_EVENT, LEAD_ACTIVITY, ASSIGNMENT_EVENT)
