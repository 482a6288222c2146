"""The guide for trainers says what the data says, and the texts of the story fit together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mopsnb.sample import company, story, team
from mopsnb.sample.programs import build_plan
from tests.sample.conftest import Company


@pytest.fixture(scope="module")
def guide(repository: Path) -> str:
    return (repository / "docs" / "sample-company.md").read_text(encoding="utf-8")


def sizes(sample: Company) -> list[str]:
    """Every figure that the guide quotes, written as the guide writes it."""
    links, bots = sample.anomaly("broken-links")["size"], sample.anomaly("bot-burst")["size"]
    spike, churn = sample.anomaly("spend-spike")["size"], sample.anomaly("over-mailing-churn")["size"]
    angry, over = sample.anomaly("over-mailing-complaints")["size"], sample.anomaly("social-overspend")["size"]
    clicks = sample.truth["goals"]["email-clicks"]
    groups = sample.truth["duplicates"]["groups"]
    return [
        f"{links['delivered']:,} delivered, nobody clicks",
        f"{bots['bot_clicks']:,} clicks by bots",
        f"${spike['spend']:,.0f} instead of about ${spike['median_around']:,.0f}",
        f"Churn reaches {churn['rate']:.2%}",
        f"against {churn['usual_rate']:.2%} in a usual month",
        f"complaints rise to {angry['rate']:.2%}",
        f"${over['year_to_date']:,.0f} by the end of September, where ${over['planned_to_date']:,.0f} was planned",
        f"{len(sample.truth['routing_gap']['contact_ids'])} qualified leads still wait",
        f"{clicks['actual_to_date']:,.0f} of {clicks['target']:,}",
        f"about {sample.anomaly('tracking-outage')['size']['conversions_lost']:.0f} conversions were lost",
        f"{len(groups)} groups, of which {sum(group['is_merged'] for group in groups)} are merged",
        f"{len(sample.truth['broken_records']['email_invalid']['contact_ids'])} addresses are invalid",
    ]


def test_the_guide_quotes_the_sizes_of_the_truth(sample: Company, guide: str) -> None:
    missing = [text for text in sizes(sample) if text not in guide]
    assert missing == []


@pytest.mark.parametrize("person", team.PEOPLE, ids=lambda person: person.id)
def test_the_guide_introduces_everybody(person: team.Person, guide: str) -> None:
    assert person.name in guide


@pytest.mark.parametrize("name", company.COMPETITORS)
def test_the_guide_names_the_competitors(name: str, guide: str) -> None:
    assert name.lower() in guide.lower()


def test_the_guide_points_to_keys_that_the_truth_has(sample: Company, guide: str) -> None:
    answers = guide.split("## Answers")[1]
    for key in ("anomalies", "not_anomalies", "goals", "channel_response", "leak", "conversion", "service"):
        assert f"`{key}`" in answers
        assert key in sample.truth
    for key in ("routing_gap", "duplicates", "broken_records", "stale_accounts"):
        assert f"`{key}`" in answers
        assert sample.truth[key]


def test_every_table_of_the_story_can_be_read() -> None:
    folder = Path(story.__file__).parent
    for path in folder.glob("*.csv"):
        rows = story.read_rows(path.stem)
        assert rows
        assert all(None not in row and None not in row.values() for row in rows), path.name


def test_steps_belong_to_projects_and_to_people_with_the_skill() -> None:
    projects = {row["project"] for row in story.read_rows("projects")}
    skills = {person.id: person.skills for person in team.PEOPLE}
    assert {row["project"] for row in story.read_rows("project_steps")} == projects
    for row in (*story.read_rows("project_steps"), *story.read_rows("recurring_steps")):
        assert row["skill"] in skills[row["assignee"]], row["name"]


def test_campaigns_have_ids_of_their_own_and_sends_lie_within_a_campaign() -> None:
    plan = build_plan()
    assert len(set(plan.ids)) == len(plan.ids)
    assert len({send.email for send in plan.sends}) == len(plan.sends)
    for send in plan.sends:
        first, last = plan.campaigns[send.campaign].span
        assert first <= send.day <= max(last, first.replace(day=28)), plan.campaigns[send.campaign].name


def test_a_decision_follows_what_it_answers() -> None:
    days = {row["subject"]: date.fromisoformat(row["day"]) for row in story.read_rows("decisions")}
    assert days["newsletter"] > company.BROKEN_LINKS
    assert days["tracking"] > company.OUTAGE[1]
    assert days["paid search"] > company.SPEND_SPIKE
    assert days["email frequency"] == company.FREQUENCY_CAP
    assert days["professional social"] > company.OVERSPEND[1]
