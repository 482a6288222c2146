"""What the tests ask of an open page: axe-core's rules, its outline, and what a keyboard reaches."""

from pathlib import Path

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")

# A page's own faults in words; none for a page that can be read without seeing it.
OUTLINE = """() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const say = (words, elements) => elements.forEach((e) => faults.push(`${words}: ${e.outerHTML.slice(0, 120)}`));
  if (document.documentElement.lang !== "en") faults.push("no language");
  if (!document.title.trim()) faults.push("no title");
  for (const tag of ["header", "main", "footer", "h1"]) {
    if (all(tag).length !== 1) faults.push(`${all(tag).length} times ${tag}`);
  }
  say("navigation without a name", all("nav").filter((e) => !e.ariaLabel));
  const labels = all("nav").map((e) => e.ariaLabel);
  if (new Set(labels).size !== labels.length && !all(".contents-phone").length) faults.push("two navs of one name");
  const levels = all("h1, h2, h3, h4, h5, h6").map((e) => Number(e.tagName[1]));
  levels.forEach((level, at) => { if (at && level > levels[at - 1] + 1) faults.push(`level ${level} skips one`); });
  if (levels[0] !== 1) faults.push("h1 is not the first heading");
  const ids = all("[id]").map((e) => e.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => faults.push(`id ${id} comes twice`));
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "headers", "for"]) {
    for (const e of all(`[${name}]`)) {
      for (const id of e.getAttribute(name).split(/\\s+/)) {
        if (!document.getElementById(id)) faults.push(`${name} points at ${id}, which is not there`);
      }
    }
  }
  for (const e of all('a[href^="#"]')) {
    if (!document.getElementById(decodeURIComponent(e.hash.slice(1)))) faults.push(`${e.hash} leads nowhere`);
  }
  say("table without a caption", all("main table").filter((e) => !e.caption?.textContent.trim()));
  say("table without a header", all("main table").filter((e) => !e.querySelector("th")));
  say("header without a scope", all("main th").filter((e) => !["col", "row"].includes(e.scope)));
  say("picture without a text alternative", all("img").filter((e) => !e.hasAttribute("alt")));
  for (const e of all("figure")) {
    const chart = e.querySelector('.chart[role="img"]');
    if (!chart?.ariaLabel?.trim()) say("chart without a text alternative", [e]);
    if (!e.querySelector(".chart-still svg, .chart-still img")) say("chart without a still picture", [e]);
    if (!e.querySelector("details table tbody tr")) say("chart without its data", [e]);
  }
  return faults;
}"""

# Every control and every area that scrolls, as far as it can be seen.
REACHABLE = """() => {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const scrolls = (e) => {
    const style = getComputedStyle(e);
    return (e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(style.overflowX))
      || (e.scrollHeight > e.clientHeight + 1 && /auto|scroll/.test(style.overflowY));
  };
  const named = (e) => `${e.tagName} ${e.className} ${e.ariaLabel ?? e.textContent.trim().slice(0, 40)}`;
  const controls = [...document.querySelectorAll("a[href], button, summary, [tabindex='0']")].filter(seen);
  const areas = [...document.querySelectorAll("body *")].filter((e) => seen(e) && scrolls(e));
  controls.forEach((e, at) => { e.dataset.stop = at; });
  const lost = areas.filter((e) => !e.dataset.stop && !e.querySelector("[data-stop]"));
  return { count: controls.length, names: controls.map(named), lost: lost.map(named) };
}"""


def run_axe(page):
    """Return axe-core's violations, one line each.

    The script is evaluated through the browser's own debugging channel. That is no script of the page, so the
    page's policy stays in force while its rules are checked. It would fetch the style sheets a second time
    (``preload``), which the policy forbids.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })")
    assert len(found["passes"]) > 10, "axe-core has looked at the page"
    return [f"{item['id']}: {node['html'][:150]}" for item in found["violations"] for node in item["nodes"]]


def open_details(page):
    """Open everything that folds away."""
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")


def walk(page):
    """Press Tab until the end of the page. Return the stops in order, and those whose focus cannot be seen."""
    stops, unseen = [], []
    for _ in range(2000):
        page.keyboard.press("Tab")
        at, outline = page.evaluate(
            "(() => { const e = document.activeElement; const style = getComputedStyle(e);"
            " return [e.dataset.stop ?? '', style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)]; })()"
        )
        if at == "":
            break
        stops.append(int(at))
        if outline < 2:
            unseen.append(int(at))
    return stops, unseen
