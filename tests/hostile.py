"""Names that try to break out of a page, and a sample company whose every name is one of them."""

import json
import shutil
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

RUN = "window.__pwned=1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f'"><img src=x onerror="{RUN}">',
    f"'><svg onload={RUN}>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.__pwned=1</script>'></foreignObject></svg>",
    f"[more](javascript:{RUN})",
    f"<a href='javascript:{RUN}'>more</a>",
    "![picture](http://pwned.example/__pwned.png)<http://pwned.example/__pwned>",
    f"**bold** `</code><img src=x onerror={RUN}>`",
    f"{{{{ constructor.constructor('{RUN}')() }}}}{{% raw %}}__pwned",
    f"'+(()=>{{{RUN}}})()+' datum.__pwned",
    f"$\\href{{javascript:{RUN}}}{{x}}$",
    "<style>body{display:none}</style><base href=http://pwned.example/__pwned>",
    "\u202e__pwned\u2066 turned",
    f"</title></style></textarea><img src=x onerror={RUN}>",
    f"data:image/svg+xml,<svg onload={RUN}>",
    f"-->]]><!--<img src=x onerror={RUN}>",
)
_TEXTS = ("name", "statement", "clause", "deliverable", "on_breach", "benefit_customers", "benefit_team", "role")
_COLUMNS = ("campaign_name", "name", "company", "industry", "job_level", "company_size", "lead_source", "vendor")
_COLUMNS += (
    "request_id",
    "product_interest",
    "browser",
    "form_version",
    "preferred_greeting",
    "competitor",
    "loss_reason",
)


def poison(text, place=0):
    """Return a name with something hostile behind it; the same each time."""
    return f"{text} {PAYLOADS[(sum(map(ord, str(text))) + place) % len(PAYLOADS)]}"


def write_hostile_company(folder, sample):
    """Copy the sample company with hostile names, ids, column headers and files, and return the workspace."""
    (folder / "data").mkdir(parents=True)
    strategy = YAML(typ="safe").load((sample / "strategy.yml").read_text(encoding="utf-8"))
    lists = ("stakeholders", "goals", "channels", "people", "needs")
    ids = {entry["id"]: poison(entry["id"]) for name in lists for entry in strategy[name]}
    ids |= {area["id"]: poison(area["id"]) for area in strategy["budget"]["areas"]}
    (folder / "strategy.yml").write_text(json.dumps(_poison_strategy(strategy, ids), default=str), encoding="utf-8")
    for path in sorted((sample / "data").iterdir()):
        if path.suffix == ".csv":
            _poison_frame(pd.read_csv(path, dtype=str), ids).to_csv(folder / "data" / path.name, index=False)
        elif path.stem in {"contact", "ad_daily", "deal", "service_event"}:
            frame = _poison_frame(pd.read_parquet(path), ids)
            if path.stem == "contact":
                frame[poison("score")] = frame["pages_before_form"].astype(float)
                frame[PAYLOADS[2]] = frame["browser"]
            frame.to_parquet(folder / "data" / path.name)
        else:
            shutil.copy(path, folder / "data")
    (folder / "data" / f"{PAYLOADS[3].replace('/', '')}.csv").write_text("a,b\n1,2\n")
    return folder


def write_unreadable_company(folder):
    """Write a workspace whose tables cannot be read, with hostile values in the places that the errors quote."""
    (folder / "data").mkdir(parents=True)
    (folder / "strategy.yml").write_text(f"version: 1\norganization: {{name: {json.dumps(PAYLOADS[1])}}}\n")
    lines = ["date,channel,campaign_id,spend,currency"]
    for text in PAYLOADS:
        quoted = '"' + text.replace('"', '""') + '"'
        lines += [f"{quoted},search,c1,1,EUR", f"2026-01-31,{quoted},c1,{quoted},{quoted}"]
    (folder / "data" / "ad_daily.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "data" / "contact.csv").write_text(f'contact_id,created_at,"{PAYLOADS[0]}"\n1,{PAYLOADS[4]},x\n')
    return Path(folder)


def _poison_strategy(value, ids, key=""):
    if isinstance(value, dict):
        return {name: _poison_strategy(item, ids, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_poison_strategy(item, ids, "name" if key == "needs" else key) for item in value]
    if isinstance(value, str) and value in ids and key != "metric":
        return ids[value]
    return poison(value) if isinstance(value, str) and key in _TEXTS else value


def _poison_frame(frame, ids):
    for name in frame.columns:
        values = {value: value for value in frame[name].dropna().unique() if isinstance(value, str)}
        changed = {value: ids[value] for value in values if value in ids}
        if name in _COLUMNS:
            changed = {value: ids.get(value, poison(value)) for value in values}
        if changed and name != "kpi":
            frame[name] = frame[name].replace(changed)
    if "company" in frame.columns:
        frame.loc[frame.index[0], "company"] = "before\x00after"
    return frame
