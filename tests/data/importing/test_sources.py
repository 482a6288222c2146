"""Sources are data: the vendors' and those of a team."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from import_samples import bring_in, days, google, make_workspace, read, write

from mopsnb.data.importing.sources import FOLDER, read_sources
from mopsnb.errors import DataError

OWN = """
id: pigeon_post_export
title: Pigeon Post, daily figures
vendor: pigeon_post
shape: export
table: ad_daily
grain: campaign
export: "Settings, Export"
recognize:
  columns: [spend, campaign_id]
  headers: [Feathers]
columns:
  date: [Flight day]
  campaign_id: [Flock]
  spend: {from: [Grains], unit: cents}
  clicks: [Coos]
constants: {channel: pigeon, currency: EUR}
"""


def test_a_vendor_is_added_with_yaml_alone(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    write(team / "sources", "pigeon_post_export.yml", OWN)
    path = write(tmp_path, "p.csv", "Feathers,Flight day,Flock,Grains,Coos\n3,2026-09-01,f1,1250,7\n")
    report = bring_in(team, path)
    assert report.files[0].source == "pigeon_post_export"
    assert read(team, "ad_daily", "campaign_id, spend, clicks, channel") == [("f1", Decimal("12.5"), 7, "pigeon")]


def test_a_faulty_source_of_the_workspace_is_named(tmp_path: Path) -> None:
    team = make_workspace(tmp_path / "team")
    write(team / "sources", "pigeon_post_export.yml", OWN.replace("spend: {", "spent: {"))
    with pytest.raises(DataError, match=r"sources/pigeon_post_export.yml.*'spent' is no column of ad_daily"):
        bring_in(team, google(tmp_path, "a.csv", *days(1, 1)))


def test_every_source_is_short_and_known_by_its_file(tmp_path: Path) -> None:
    sources = read_sources()
    assert {path.stem for path in FOLDER.glob("*.yml")} == set(sources)
    for path in FOLDER.glob("*.yml"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 40, path.name


def test_every_vendor_has_the_shapes_that_are_promised() -> None:
    found = {(item.vendor, item.shape, item.table) for item in read_sources().values()}
    ads = ("google_ads", "meta_ads", "linkedin_ads", "microsoft_ads")
    wanted = {(vendor, shape, "ad_daily") for vendor in ads for shape in ("connector", "export")}
    wanted |= {
        ("hubspot", shape, table) for shape in ("connector", "export") for table in ("contact", "deal", "campaign")
    }
    wanted |= {("hubspot", "connector", "email_event"), ("marketo", "connector", "email_event")}
    tables = ("contact", "deal", "campaign", "campaign_member")
    wanted |= {("salesforce", shape, table) for shape in ("connector", "export") for table in tables}
    wanted |= {("ga4", shape, "web_daily") for shape in ("connector", "export")}
    wanted |= {(vendor, shape, "task") for vendor in ("asana", "jira") for shape in ("connector", "export")}
    wanted |= {(vendor, "connector", "contact") for vendor in ("marketo", "pardot", "mailchimp")}
    wanted |= {("mailchimp", "export", "email_send_summary"), ("trello", "export", "task")}
    assert wanted <= found


def test_every_source_is_recognized_by_its_own_first_names_and_by_no_other(tmp_path: Path) -> None:
    """A header of every column, by its first name, leads to its source."""
    from mopsnb.data.importing.recognition import recognize

    sources = read_sources()
    for source in sources.values():
        if any(source.id in other.also for other in sources.values()):  # read through another
            continue
        names = [spec.headers[0] for spec in source.columns.values()]
        names += [*source.recognize.headers, *source.recognize.any[:1]]
        match = recognize("file", [list(dict.fromkeys(names))], sources, {}, given=False)
        assert match.source.id == source.id
