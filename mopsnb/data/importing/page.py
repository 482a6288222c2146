"""The list of sources in ``docs/importing.md``, written from the source files.

Write it anew with ``python -m mopsnb.data.importing.page docs/importing.md``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mopsnb.data.importing.model import Source
from mopsnb.data.importing.sources import read_sources
from mopsnb.made_pages import replace_part

BEGIN = "<!-- Made by python -m mopsnb.data.importing.page; edit mopsnb/data/sources, not this part. -->"
END = "<!-- End of the part that is made. -->"
NAMES = {
    "google_ads": "Google Ads",
    "meta_ads": "Meta Ads (Facebook, Instagram)",
    "linkedin_ads": "LinkedIn Ads",
    "microsoft_ads": "Microsoft Advertising",
    "hubspot": "HubSpot",
    "salesforce": "Salesforce",
    "marketo": "Marketo",
    "pardot": "Pardot (Account Engagement)",
    "mailchimp": "Mailchimp",
    "ga4": "Google Analytics 4",
    "asana": "Asana",
    "jira": "Jira",
    "trello": "Trello",
    "spreadsheet": "Spreadsheets",
}


def list_sources() -> str:
    """Return the sources as Markdown, vendor by vendor, the exports by hand first."""
    sources = list(read_sources().values())
    parts = []
    for vendor, title in NAMES.items():
        own = sorted(
            (item for item in sources if item.vendor == vendor), key=lambda item: (item.shape != "export", item.id)
        )
        rows = [
            f"| {item.title} | `{item.id}` | [{item.table}](data-dictionary/{item.table}.md) | {_tell(item)} |"
            for item in own
        ]
        parts.append(
            "\n".join(
                [
                    f"### {title}",
                    "",
                    "| File | Source | Table | How to get it, and what to know |",
                    "|---|---|---|---|",
                    *rows,
                ]
            )
        )
    return "\n\n".join(parts)


def insert_list(page: str) -> str:
    """Return a page with the part between its two marks made anew.

    Raises
    ------
    ValueError
        The page has no such marks.
    """
    return replace_part(page, BEGIN, END, list_sources())


def _tell(source: Source) -> str:
    return f"{source.export} {source.notes}".strip().replace("|", "\\|")


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(insert_list(path.read_text(encoding="utf-8")), encoding="utf-8")
