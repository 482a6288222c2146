// What a page does in the reader's browser: theme, age of the data, contents, live charts. It asks the network for nothing.
"use strict";
(() => {
  const root = document.documentElement;
  const KEY = "mopsnb-theme";

  // Theme. Runs before the body is there, so that the page never flashes.
  const recall = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem(KEY, theme); } catch { /* private window: this page only */ } };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = recall();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  if (isDark()) root.dataset.waiting = ""; // hides the still pictures, which are light, until the live ones are there

  function setUpToggle() {
    const button = document.querySelector(".toggle");
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember(root.dataset.theme);
      show();
      drawCharts();
    });
    system.addEventListener("change", () => { show(); if (!root.dataset.theme) drawCharts(); });
  }

  // Age. The page holds no date of its making; the reader's clock says how old the data is.
  function showAge() {
    const { through, staleAfter, sample } = document.body.dataset;
    const strip = document.querySelector(".strip-stale");
    if (!through || sample === "true") return;
    const [year, month, day] = through.split("-").map(Number);
    const now = new Date();
    const age = Math.round((Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) - Date.UTC(year, month - 1, day)) / 864e5);
    if (age <= Number(staleAfter)) return;
    strip.textContent = `${strip.dataset.words}: ${age} days ago. What happened since is not in this report.`;
    strip.hidden = false;
  }

  // Contents: mark the section in view.
  function followContents() {
    const links = [...document.querySelectorAll(".contents a")];
    const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    const mark = () => {
      let at = -1;
      targets.forEach((target, place) => { if (target && target.getBoundingClientRect().top < 140) at = place; });
      links.forEach((link, place) => {
        if (place === at) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
      });
    };
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; mark(); });
    }, { passive: true });
    if (links.length) mark();
  }

  // Tables. On a phone each row becomes a block of its own, with the column's name beside each cell (site.css).
  function labelTables() {
    for (const table of document.querySelectorAll(".mops-table table")) {
      const names = [...table.querySelectorAll("thead th")].map((heading) => heading.textContent.trim());
      const roles = { table: [table], rowgroup: table.querySelectorAll("thead, tbody"), row: table.rows };
      for (const [role, elements] of Object.entries(roles)) for (const element of elements) element.setAttribute("role", role);
      for (const row of table.tBodies[0].rows) {
        [...row.cells].forEach((cell, place) => {
          cell.dataset.label = names[place] ?? "";
          cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell"); // a block would lose it
        });
      }
      table.querySelectorAll("thead th").forEach((heading) => heading.setAttribute("role", "columnheader"));
      table.classList.add("labeled");
    }
  }

  // Charts. The still picture is light; live charts take the configuration of the theme (assets/themes.js).
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  function merge(below, above) {
    const merged = { ...below };
    for (const [key, value] of Object.entries(above)) {
      merged[key] = isObject(value) && isObject(merged[key]) ? merge(merged[key], value) : value;
    }
    return merged;
  }
  // A single plot takes the width there is; plots side by side keep their own.
  const isSingle = (spec) => !["hconcat", "vconcat", "concat", "facet", "repeat"].some((key) => key in spec)
    && !["row", "column", "facet"].some((key) => key in (spec.encoding ?? {}));

  const TOOLTIP = { disableDefaultStyle: true }; // its style stands in site.css: the policy forbids one made by a script

  async function drawChart(figure, config) {
    const chart = figure.querySelector(".chart");
    const spec = JSON.parse(figure.querySelector(".chart-spec").textContent);
    spec.config = merge(spec.config ?? {}, config);
    if (isSingle(spec)) {
      spec.width = "container";
      spec.autosize = { type: "fit-x", contains: "padding" };
    }
    const turn = (chart.turn ?? 0) + 1;
    chart.turn = turn;
    const live = document.createElement("div");
    live.className = "chart-live";
    chart.append(live);
    try {
      const drawn = await vegaEmbed(live, spec, { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: TOOLTIP });
      if (chart.turn !== turn) { drawn.finalize(); live.remove(); return; } // the theme changed meanwhile
      chart.drawn?.finalize();
      chart.drawn = drawn;
      chart.querySelectorAll(".chart-live").forEach((other) => { if (other !== live) other.remove(); });
      live.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
      live.dataset.drawn = "";
      chart.dataset.live = "";
    } catch (error) {
      live.remove(); // the still picture stays
      console.error(error);
    }
  }
  // Those near the reader first, one after the other, so that a long page stays responsive.
  let round = 0;
  async function drawCharts() {
    const mine = ++round;
    const distance = (figure) => Math.abs(figure.getBoundingClientRect().top - innerHeight / 3);
    const figures = [...document.querySelectorAll(".chart-spec")].map((script) => script.closest("figure"));
    const near = figures.map((figure) => [distance(figure), figure]).sort((a, b) => a[0] - b[0]);
    if (typeof vegaEmbed === "function" && window.mopsnbThemes) {
      const config = window.mopsnbThemes[isDark() ? "dark" : "light"];
      for (const [, figure] of near) {
        await drawChart(figure, config);
        await new Promise((resolve) => setTimeout(resolve));
        if (mine !== round) return; // the theme changed meanwhile
      }
    }
    delete root.dataset.waiting;
  }

  addEventListener("DOMContentLoaded", () => {
    setUpToggle();
    showAge();
    followContents();
    labelTables();
    drawCharts();
  });
})();
