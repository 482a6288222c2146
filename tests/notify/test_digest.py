"""The digest: what it says, in which order, and that names from data stay names."""

import re

import notify_samples as samples
import pytest
import site_samples

from mopsnb.notify.charts import choose_charts, read_charts
from mopsnb.notify.digest import LONGEST_SUBJECT, SHOWN_FINDINGS, write_digest
from mopsnb.notify.mail import build_mail, fit_pictures
from mopsnb.notify.pictures import Picture, draw_pictures
from mopsnb.notify.reading import find_report, read_story
from mopsnb.notify.story import FailedStep, Story, tell_of_refusal

pytestmark = pytest.mark.slow

INJECTION = "Leads\r\nBcc: eve@example.org\r\n\r\n<script>alert(1)</script>"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A run with an error that is new and a warning."""
    return samples.make_report(tmp_path_factory.mktemp("workspace"), new=["goals.missed.leads"])


@pytest.fixture(scope="module")
def digest(report):
    """Its digest, without pictures."""
    return write_digest(read_story(report), link="https://reports.example.com/latest/", why="Sent because of a test.")


def make_finding(number, severity="warning", **more):
    """Return a finding as the results hold it."""
    return {"id": f"goals.f{number}", "severity": severity, "title": f"Finding {number}", "evidence": "", "fix": "",
            "owner": "", "where": ""} | more  # fmt: skip


def read_words(html):
    """Return what a reader of HTML sees, in one line."""
    text = re.sub(r"<!--.*?-->|<title>.*?</title>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(text.replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
                    .replace("&#34;", '"').split())  # fmt: skip


@pytest.mark.parametrize("part", ["html", "text"])
def test_both_parts_say_the_same(digest, part):
    words = read_words(digest.html) if part == "html" else " ".join(digest.text.split())
    for text in (
        "Nordlicht",
        "2 need attention, 1 new",
        "Increase total clicks from email by 25% in one year",
        "The goal 'More leads' is missed.",
        "800 of 1,000 leads by June 30, 2026.",
        "Do: Agree on a new target with sales.",
        "Email churn rate",
        "0.45%",
        "target 0.40%",
        "September 2026",
        "Data through September 30, 2026, 53 days old when the run ended.",
        "The run ended on November 22, 2026, 06:00 UTC.",
        samples.RUN,
        "1 note",
        "Sent because of a test.",
    ):
        assert text in words
    assert words.lower().count("at risk") >= 2


def test_errors_come_before_warnings_and_new_ones_before_others(tmp_path):
    findings = [make_finding(1), make_finding(2), make_finding(3, "error"), make_finding(4, "info")]
    report = samples.make_report(tmp_path, findings=findings, new=["goals.f2"])
    story = read_story(report)
    assert [item.id for item in story.findings if item.id.startswith("goals.f")] == [
        "goals.f3", "goals.f2", "goals.f1", "goals.f4"
    ]  # fmt: skip


def test_message_shows_a_few_findings_and_counts_the_others(tmp_path):
    report = samples.make_report(tmp_path, findings=[make_finding(number) for number in range(12)])
    text = write_digest(read_story(report)).text
    assert text.count("* Warning") == SHOWN_FINDINGS
    assert "The report has 7 more." in text


def test_names_from_data_are_text_in_the_html(report):
    digest = write_digest(read_story(report))
    tags, attributes = samples.read_markup(digest.html)
    assert site_samples.EVIL in read_words(digest.html)
    assert "img" not in tags
    assert not [name for name, _ in attributes if name.startswith("on")]


def test_line_ends_in_a_name_make_no_header(tmp_path):
    findings = [make_finding(1, "error", title=INJECTION)]
    report = samples.make_report(tmp_path, findings=findings, workspace=f"Acme\n{INJECTION}")
    mail = build_mail(write_digest(read_story(report)))
    assert mail.keys().count("Bcc") == 0
    assert re.fullmatch(r"[^\r\n]+", mail["Subject"])
    assert mail["Subject"].startswith("Acme Leads Bcc: [e-mail address]")
    assert "script" not in samples.read_markup(mail.get_body(("html",)).get_content())[0]


def test_subject_stays_short(tmp_path):
    report = samples.make_report(tmp_path, findings=[make_finding(1, "error", title="word " * 80)])
    subject = write_digest(read_story(report)).subject
    assert len(subject) <= LONGEST_SUBJECT and subject.endswith("…")


def test_nobodys_e_mail_address_is_in_any_part(tmp_path):
    texts = {name: f"Contact ada.lovelace+x@example.org has a {name}" for name in ("title", "evidence", "fix", "owner")}
    report = samples.make_report(tmp_path, findings=[make_finding(1, "error", **texts)])
    digest = write_digest(read_story(report))
    everything = digest.subject + digest.html + digest.text + digest.brief
    assert "example.org" not in everything and "ada.lovelace" not in everything
    assert "[e-mail address]" in digest.subject


def test_name_from_data_calls_nobody_in_a_chat(tmp_path):
    report = samples.make_report(
        tmp_path, findings=[make_finding(1, "error", title="Hey @everyone <!channel> <http://x|y>")]
    )
    brief = write_digest(read_story(report)).brief
    assert "@everyone" not in brief and "<" not in brief


def test_failed_run_says_what_failed_why_and_with_which_exit_code(tmp_path):
    digest = write_digest(read_story(samples.make_report(tmp_path, failed=True)))
    assert digest.subject == "FAILED: Nordlicht: Metrics. The notebook's process ran out of memory."
    for words in (read_words(digest.html), " ".join(digest.text.split())):
        assert "1 of 2 pages stopped before the end" in words.replace("1 Of", "1 of")
        assert "Metrics: The notebook's process ran out of memory." in words
        assert "ZeroDivisionError: division by zero" in words
        assert "Exit code 7: A notebook's process ran out of memory." in words


@pytest.mark.parametrize(
    ("status", "start"),
    [("partial", "PARTLY FAILED: "), ("killed", "FAILED: "), ("stopped", "STOPPED: ")],
)
def test_subject_names_each_way_to_fail(tmp_path, status, start):
    story = read_story(samples.make_report(tmp_path, failed=True, status=status))
    assert write_digest(story).subject.startswith(f"{start}Nordlicht: ")
    assert story.has_failed


def test_run_that_was_killed_says_so_without_a_failed_step(tmp_path):
    story = read_story(samples.make_report(tmp_path, status="killed"))
    assert (story.cause, story.exit_code) == ("killed", 137)
    assert story.failures[0].what == "The run was ended from outside, without a word."


def test_owner_has_the_name_that_the_strategy_gives(tmp_path):
    strategy = """version: 1
people: [{id: jo, name: Jo Okafor}, {id: leo}]
stakeholders: [{id: sales, name: Sales, power: 4, interest: 5}]
"""
    (tmp_path / "strategy.yml").write_text(strategy)
    owners = ["jo", "leo", "sales", "Dana Whitfield"]
    findings = [make_finding(number, owner=owner) for number, owner in enumerate(owners)]
    story = read_story(samples.make_report(tmp_path, findings=findings))
    named = {item.id: item.owner for item in story.findings}
    assert [named[f"goals.f{number}"] for number in range(4)] == ["Jo Okafor", "leo", "Sales", "Dana Whitfield"]
    assert "Jo Okafor, page Goals" in write_digest(story).text


def test_owner_keeps_its_id_where_the_strategy_cannot_be_read(tmp_path):
    (tmp_path / "strategy.yml").write_text("version: [")
    report = samples.make_report(tmp_path, findings=[make_finding(1, owner="jo")])
    assert "jo" in {item.owner for item in read_story(report).findings}


@pytest.mark.parametrize("link", ["https://x.example.com/latest", "https://x.example.com/latest/"])
def test_each_finding_leads_to_its_page_beside_the_first_one(report, link):
    html = write_digest(read_story(report), link=link).html
    assert 'href="https://x.example.com/latest/goals.html"' in html


def test_run_that_was_left_out_is_told_without_claims_about_data_or_exit_code():
    text = "Schedule weekly: The run of 2026-11-16 05:00 UTC did not start in time."
    digest = write_digest(tell_of_refusal("Acme", text, 0, "left_out"))
    assert digest.subject == "LEFT OUT: Acme: A run did not start in time, and nothing makes up for it."
    for words in (read_words(digest.html), " ".join(digest.text.split())):
        assert "A run was left out" in words
        assert "2026-11-16 05:00 UTC" in digest.brief
        assert "2026-11-16 05:00 UTC" in words
        assert "Exit code" not in words
        assert "no dated data" not in words


def test_run_that_could_not_begin_makes_no_claim_about_data():
    digest = write_digest(tell_of_refusal("Acme", "Another run still holds it.", 10, "locked"))
    assert digest.subject == "FAILED: Acme: Another run held the workspace."
    assert "Exit code 10: Another run holds the workspace." in digest.text
    assert "no dated data" not in digest.text + digest.html


def test_run_without_findings_says_that_nothing_needs_attention(tmp_path):
    report = samples.make_report(tmp_path, findings=[])
    assert write_digest(read_story(report)).subject == "Nordlicht: nothing needs attention"


def test_charts_come_from_the_pages_with_their_words(report):
    [chart, *_] = read_charts(report, "metrics")
    assert chart.title == "Email churn rose above its usual range in August"
    assert chart.alt == f"{chart.title}. Two lines over twelve months."
    assert chart.spec["mark"]["type"] == "line"


def test_one_chart_a_page_is_chosen_and_pages_that_failed_give_none(report, tmp_path):
    assert [chart.step for chart in choose_charts(report, read_story(report))] == ["goals", "metrics"]
    failed = samples.make_report(tmp_path, failed=True)
    assert [chart.step for chart in choose_charts(failed, read_story(failed))] == ["goals"]


def test_chart_that_names_the_subject_of_the_first_finding_is_preferred(report):
    story = read_story(report)
    [*_, chosen] = choose_charts(report, story)
    assert chosen.title == "Email churn rose above its usual range in August"


def test_pictures_are_twice_as_dense_as_a_phone_is_wide(report):
    [picture] = draw_pictures(read_charts(report, "metrics")[:1])
    assert picture.png.startswith(b"\x89PNG")
    assert 360 <= picture.width <= 400
    assert int.from_bytes(picture.png[16:20], "big") in (2 * picture.width, 2 * picture.width + 1)


def test_chart_that_cannot_be_drawn_costs_the_picture_alone(report):
    charts = read_charts(report, "metrics")[:1]
    broken = type(charts[0])("metrics", "Broken", "Broken", {"mark": "nonsense"})
    assert [picture.title for picture in draw_pictures([broken, *charts])] == [charts[0].title]


def test_pictures_that_take_too_long_are_left_out(report):
    assert draw_pictures(read_charts(report, "metrics")[:1], patience=0.01) == []


def test_pictures_that_make_the_mail_too_large_are_left_out():
    pictures = [Picture(f"chart-{number}.png", "", "", bytes(100_000)) for number in range(3)]
    assert len(fit_pictures(pictures)) == 2


def test_workspace_leads_to_its_latest_run_and_to_a_run_by_name(report):
    workspace = report.parents[1]
    (report.parent / "latest").symlink_to(report.name)
    assert find_report(workspace) == find_report(workspace, samples.RUN) == find_report(report) == report.resolve()


def test_pages_that_failed_alike_are_told_together():
    pages = [FailedStep(slug, slug.title(), "kernel", "It crashed.", "Run it again.") for slug in ("goals", "metrics")]
    other = FailedStep("lead_scoring", "Lead scoring", "memory", "No memory.", "")
    story = Story("Nordlicht", "failed", 7, "memory", failures=[*pages, other])
    digest = write_digest(story)
    assert "* Goals, Metrics: It crashed.\n  Do: Run it again.\n* Lead scoring: No memory." in digest.text
    assert digest.subject == "FAILED: Nordlicht: Lead scoring and 2 more. No memory."
