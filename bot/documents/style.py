"""How the HTML looks, on screen and on paper. No fonts, images or scripts from anywhere."""

CSS = """
:root {
  --ink: #1c2330; --soft: #5b6475; --line: #dfe3ea; --tint: #f6f7f9; --accent: #b3261e; --link: #1a56b0; --page: #fff;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e9ef; --soft: #9aa4b5; --line: #333b49; --tint: #1d232d; --accent: #ff8a80; --link: #8ab4f8;
    --page: #14181f;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 78rem; padding: 2.5rem 2rem 5rem; display: grid; gap: 3rem;
  grid-template-columns: 13rem minmax(0, 1fr); background: var(--page); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif,
    "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji";
}
nav { position: sticky; top: 2rem; align-self: start; max-height: calc(100vh - 4rem); overflow-y: auto; font-size: .86rem; }
nav p { margin: 0 0 .5rem; color: var(--soft); font-size: .75rem; letter-spacing: .08em; text-transform: uppercase; }
nav ul { list-style: none; margin: 0; padding: 0; border-left: 1px solid var(--line); }
nav li a { display: block; padding: .18rem 0 .18rem .9rem; color: var(--soft); text-decoration: none; }
nav li.h3 a { padding-left: 1.8rem; font-size: .95em; }
nav li a:hover { color: var(--link); }
main > :first-child { margin-top: 0; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
h1 { margin: 0 0 1.2rem; font-size: 2rem; letter-spacing: -.01em; }
h2 { margin: 2.8rem 0 .9rem; padding-top: 1.1rem; border-top: 1px solid var(--line); font-size: 1.35rem; }
h3 { margin: 1.8rem 0 .5rem; font-size: 1.06rem; }
h4 { margin: 1.4rem 0 .4rem; font-size: 1rem; }
p, ul, ol { margin: 0 0 .9rem; max-width: 46rem; overflow-wrap: anywhere; }
ul, ol { padding-left: 1.4rem; }
li { margin: .25rem 0; }
li > ul, li > ol { margin: .25rem 0; }
li.task, li.done { list-style: none; margin-left: -1.2rem; }
li li.task, li li.done { margin-left: 0; }
a { color: var(--link); text-underline-offset: .15em; }
em { color: var(--soft); }
strong { font-weight: 650; }
code {
  padding: .1em .35em; border-radius: 4px; background: var(--tint); font: .88em/1.4 ui-monospace, "SF Mono", Menlo,
  Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere;
}
blockquote {
  margin: 0 0 1.2rem; padding: .7rem 1rem; border-left: 3px solid var(--accent); background: var(--tint);
  border-radius: 0 6px 6px 0;
}
blockquote p { margin: 0; max-width: none; }
hr { margin: 2.5rem 0 1rem; border: 0; border-top: 1px solid var(--line); }
.table { margin: 0 0 1.2rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; line-height: 1.45; }
th, td { padding: .5rem .8rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; background: var(--tint); color: var(--soft); font-size: .82rem; font-weight: 600; }
thead th { white-space: nowrap; }
td { min-width: 5rem; overflow-wrap: break-word; font-variant-numeric: tabular-nums; }
td:first-child { min-width: 0; }
td:nth-child(2) { min-width: 11rem; }
td.time { white-space: nowrap; }
.table:first-of-type td:first-child, .table:first-of-type th:first-child { width: 13rem; }
.table:first-of-type td:first-child { color: var(--soft); }
@media (max-width: 60rem) {
  body { display: block; padding: 1.5rem 1rem 3rem; }
  nav { position: static; max-height: none; margin-bottom: 2rem; }
}
@media print {
  :root {
    --ink: #000; --soft: #444; --line: #bbb; --tint: #f2f2f2; --accent: #900; --link: #000; --page: #fff;
    color-scheme: light;
  }
  @page { margin: 18mm 16mm; }
  body { display: block; max-width: none; padding: 0; font-size: 10pt; }
  nav { position: static; max-height: none; break-after: page; }
  p, ul, ol { max-width: none; orphans: 3; widows: 3; }
  h1, h2, h3, h4 { break-after: avoid; }
  tr, li, blockquote { break-inside: avoid; }
  thead { display: table-header-group; }
  table { font-size: 8.5pt; }
  th, td { padding: .3rem .5rem; min-width: 0 !important; }
  thead th { white-space: normal; font-size: 8pt; }
  td.time { white-space: normal; min-width: 6.5em !important; }
  .table { overflow: visible; border-radius: 0; }
  a { text-decoration: none; }
}
"""
