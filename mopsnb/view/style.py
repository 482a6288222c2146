"""The style of cards, findings, tables and notes, in a notebook and in the report.

Colors and type come from the page's own variables: the report's (``--ink``), then JupyterLab's, then a plain value.
Every rule stands under ``.mops``, which outweighs JupyterLab's rules for lists and tables. On a phone the cells of
tables are left to the report's own rules, which turn each row into a small list.
"""

STYLE = """<style>
.mops {
--i: var(--ink, var(--jp-content-font-color1, #1b2026)); --m: var(--muted, var(--jp-content-font-color2, #59636e));
--l: var(--line, var(--jp-border-color2, #dde2e7)); --g: var(--good, var(--jp-success-color0, #1a7137));
--w: var(--warn, var(--jp-warn-color0, #855700)); --b: var(--bad, var(--jp-error-color0, #b8212a));
color: var(--i);
font-family: var(--body, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
font-size: 0.9375rem; line-height: 1.5 }
.mops p { margin: 0 }
.mops ul.mops-cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(12rem, 100%), 1fr));
gap: 1.75rem; list-style: none; margin: 1.25rem 0 1.75rem; padding: 0; max-width: none }
.mops li.mops-card { border-top: 1px solid var(--l); padding: 0.7rem 0 0; margin: 0; min-width: 0 }
.mops .mops-card p { color: var(--m); font-size: 0.875rem }
.mops .mops-card p.mops-card-title { font-size: 0.9375rem; line-height: 1.35 }
.mops .mops-card p.mops-card-value { color: var(--i); font-size: 1.75rem; font-weight: 650; line-height: 1.25;
letter-spacing: -0.02em; font-variant-numeric: tabular-nums; margin: 0.1rem 0 0.15rem; overflow-wrap: anywhere }
.mops .mops-card p.mops-card-formula { font-size: 0.8125rem; margin-top: 0.3rem }
.mops .mops-change { color: var(--i); font-weight: 600 }
.mops .mops-change [aria-hidden] { font-size: 0.75em }
.mops ul.mops-findings { list-style: none; margin: 1.25rem 0 1.75rem; padding: 0; max-width: none }
.mops li.mops-finding { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); align-items: baseline;
gap: 0.15rem 1rem; padding: 0.9rem 0; margin: 0; border-bottom: 1px solid var(--l) }
.mops p.mops-finding-title { font-weight: 600 }
.mops p.mops-finding-evidence, .mops p.mops-finding-meta { color: var(--m) }
.mops .mops-status { display: inline-flex; align-items: center; gap: 0.4em; font-weight: 600; font-size: 0.875rem;
white-space: nowrap; color: var(--m) }
.mops .mops-status::before { content: ""; width: 0.62em; height: 0.62em; flex: none; border-radius: 50%;
background: currentColor }
.mops .mops-is-good { color: var(--g) }
.mops .mops-is-warn { color: var(--w) }
.mops .mops-is-bad { color: var(--b) }
.mops .mops-is-warn::before { border-radius: 0; clip-path: polygon(50% 0, 100% 100%, 0 100%); width: 0.75em;
height: 0.68em }
.mops .mops-is-bad::before { border-radius: 0; transform: rotate(45deg) scale(0.88) }
.mops .mops-is-open::before { box-sizing: border-box; background: none; border: 2px solid currentColor }
.mops .mops-table { overflow-x: auto; margin: 1.25rem 0 1.75rem }
.mops .mops-table table { border-collapse: collapse; border: 0; margin: 0; font-size: 0.9375rem; line-height: 1.45;
font-variant-numeric: tabular-nums; color: var(--i) }
.mops .mops-table caption { caption-side: top; text-align: left; color: var(--m); font-size: 0.875rem;
padding: 0 0 0.5rem }
.mops .mops-table th { text-align: left }
.mops .mops-table img { max-width: none; vertical-align: middle }
@media (min-width: 34.01rem) {
.mops .mops-table tbody tr, .mops .mops-table tbody tr:hover { background: none }
.mops .mops-table tr th, .mops .mops-table tr td { padding: 0.45rem 0.8rem 0.45rem 0; text-align: left;
vertical-align: top; border: 0; border-bottom: 1px solid var(--l); background: none; white-space: normal;
max-width: 28rem }
.mops .mops-table tr > :last-child { padding-right: 0 }
.mops .mops-table tr .gt_right { text-align: right }
.mops .mops-table thead th { color: var(--m); font-weight: 600; font-size: 0.875rem; vertical-align: bottom }
.mops .mops-table tbody th { font-weight: 500 }
}
.mops .mops-rest { color: var(--m); font-size: 0.875rem; margin: -1rem 0 1.75rem }
.mops .mops-rest > summary { cursor: pointer; width: fit-content; padding: 0.3rem 0 }
.mops .mops-whole { white-space: nowrap }
.mops .mops-missing { color: var(--m) }
.mops .mops-note { border-left: 3px solid var(--l); padding: 0.2rem 0 0.2rem 1rem; margin: 1.25rem 0 1.75rem;
max-width: 70ch }
.mops .mops-fold { margin: 0 0 1.25rem }
.mops .mops-fold > summary { cursor: pointer; width: fit-content; padding: 0.3rem 0; font-weight: 600 }
.mops .mops-tree { margin: 1.25rem 0 1.75rem; max-width: 70ch }
.mops .mops-tree ul { list-style: none; margin: 0; padding: 0; max-width: none }
.mops .mops-tree li { margin: 0; padding: 0 }
.mops .mops-tree li > ul { margin: 0.6rem 0 0 0.4rem; padding: 0 0 0 min(1.4rem, 4vw); border-left: 2px solid var(--l) }
.mops .mops-tree-caption, .mops .mops-tree-note { color: var(--m); font-size: 0.875rem }
.mops .mops-tree-caption { padding: 0 0 0.5rem }
.mops .mops-tree-name { font-weight: 600 }
@media (max-width: 34rem) { .mops li.mops-finding { grid-template-columns: minmax(0, 1fr) } }
</style>
"""
