"""How the HTML looks, on screen and on paper. No fonts, images or scripts from anywhere."""

CSS = """
:root {
  --ink: #1b2430; --soft: #5a6576; --line: #e0e4ea; --tint: #f6f8fa; --accent: #b3261e; --link: #1a56b0; --page: #fff;
  --good: #1e7d3c; --warn: #9a5b00; color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e5e9f0; --soft: #9ba6b7; --line: #313a48; --tint: #1c232d; --accent: #ff8a80; --link: #8ab4f8;
    --page: #14191f; --good: #7ed396; --warn: #f0b35e;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1.5rem; }
body {
  margin: 0 auto; max-width: 80rem; padding: 3.5rem 2rem 6rem; display: grid; gap: 3rem;
  grid-template-columns: 12.5rem minmax(0, 1fr); background: var(--page); color: var(--ink);
  font: 1rem/1.62 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif,
    "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji";
  -webkit-text-size-adjust: 100%;
}
/* Each block takes its direction from its own words, and what is set apart in a line keeps to itself. */
h1, h2, h3, h4, p, li, td, th, nav a { unicode-bidi: plaintext; text-align: start; }
strong, em, code, a { unicode-bidi: isolate; }
nav {
  position: sticky; top: 2rem; align-self: start; max-height: calc(100vh - 4rem); overflow-y: auto; font-size: .84rem;
  line-height: 1.4;
}
nav p { margin: 0 0 .6rem; color: var(--soft); font-size: .72rem; letter-spacing: .09em; text-transform: uppercase; }
nav ul { list-style: none; margin: 0; padding: 0; border-left: 1px solid var(--line); }
nav li { margin: 0; }
nav li a { display: block; padding: .2rem 0 .2rem .9rem; color: var(--soft); text-decoration: none; }
nav li.h2 a { color: var(--ink); }
nav li.h3 a { padding-left: 1.8rem; font-size: .95em; }
nav li a:hover { color: var(--link); }
main > :first-child { margin-top: 0; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; font-weight: 650; }
h1 { margin: 0 0 1.4rem; font-size: 2.15rem; letter-spacing: -.018em; line-height: 1.15; }
h2 { margin: 3.2rem 0 1rem; padding-top: 1.3rem; border-top: 1px solid var(--line); font-size: 1.42rem; letter-spacing: -.01em; }
h3 { margin: 1.9rem 0 .55rem; font-size: 1.08rem; }
h4 { margin: 1.4rem 0 .4rem; font-size: 1rem; }
p, ul, ol { margin: 0 0 1rem; max-width: 44rem; overflow-wrap: anywhere; }
ul, ol { padding-inline-start: 1.4rem; }
li { margin: .3rem 0; }
li::marker { color: var(--soft); }
li > p { margin: 0 0 .3rem; }
li > ul, li > ol { margin: .3rem 0; }
li.task, li.done { list-style: none; margin-inline-start: -1.2rem; }
li li.task, li li.done { margin-inline-start: 0; }
li.done { color: var(--soft); }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: .06em; }
em { color: var(--soft); }
strong { font-weight: 650; }
code {
  padding: .1em .35em; border-radius: 4px; background: var(--tint); font: .88em/1.4 ui-monospace, "SF Mono", Menlo,
  Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere;
}
pre { padding: .9rem 1rem; border-radius: 8px; background: var(--tint); overflow-x: auto; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
blockquote {
  margin: 0 0 1.2rem; padding: .75rem 1.1rem; border-inline-start: 3px solid var(--accent); background: var(--tint);
  border-radius: 0 6px 6px 0; font-size: .95rem;
}
blockquote p { margin: 0; max-width: none; }
blockquote p + p { margin-top: .5rem; }
hr { margin: 2.8rem 0 1.2rem; border: 0; border-top: 1px solid var(--line); }
.table { margin: 0 0 1.4rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { width: 100%; border-collapse: collapse; font-size: .91rem; line-height: 1.5; }
th, td { padding: .5rem .7rem; vertical-align: top; border-top: 1px solid var(--line); }
thead th {
  border-top: 0; background: var(--tint); color: var(--soft); font-size: .78rem; font-weight: 600; letter-spacing: .02em;
}
td { min-width: 4.5rem; overflow-wrap: break-word; font-variant-numeric: tabular-nums; }
td:first-child { min-width: 0; }
td.time { white-space: nowrap; color: var(--soft); }
td.time + td { min-width: 10rem; }
td.sign { white-space: nowrap; }
/* The facts at the top: a label and its value, without the looks of a table. */
.table.facts { border: 0; border-radius: 0; border-block: 1px solid var(--line); }
.facts thead th { background: none; font-size: inherit; letter-spacing: 0; white-space: normal; padding: .4rem .2rem; }
.facts thead th + th { color: var(--ink); }
.facts td { padding: .4rem .2rem; border-top-color: transparent; }
.facts td:first-child, .facts th:first-child { width: 12rem; color: var(--soft); font-weight: 400; }
figure.timeline { margin: 0 0 1.6rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: #fff; }
img.copy { display: block; max-width: min(30rem, 100%); max-height: 22rem; margin: .2rem 0; border: 1px solid var(--line); border-radius: 4px; }
figure.timeline svg { display: block; width: 100%; min-width: 46rem; height: auto; }
@media (max-width: 62rem) {
  body { display: block; padding: 1.6rem 1.1rem 3rem; }
  nav { position: static; max-height: none; margin-bottom: 2.2rem; }
  h1 { font-size: 1.7rem; }
}
@media print {
  :root {
    --ink: #000; --soft: #444; --line: #c4c8ce; --tint: #f4f5f6; --accent: #900; --link: #000; --page: #fff;
    color-scheme: light;
  }
  @page { size: A4; margin: 18mm 16mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #666; } }
  html { font-size: 10pt; }
  body { display: block; max-width: none; padding: 0; line-height: 1.5; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav { position: static; max-height: none; margin: 0 0 1.5rem; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: 6px; }
  nav ul { border: 0; columns: 3; }
  nav li a { padding: .1rem 0; }
  nav li.h3 { display: none; }
  p, ul, ol { max-width: none; orphans: 3; widows: 3; }
  h1 { font-size: 20pt; }
  h2 { margin-top: 1.8rem; padding-top: .9rem; font-size: 13.5pt; }
  h1, h2, h3, h4 { break-after: avoid; }
  h2 + *, h3 + * { break-before: avoid; }
  tr, li, blockquote, figure { break-inside: avoid; }
  thead { display: table-header-group; }
  table { font-size: 8.5pt; }
  th, td { padding: .3rem .5rem; min-width: 0 !important; }
  thead th { white-space: normal; font-size: 8pt; }
  td.sign { white-space: normal; }
  td.time { white-space: normal; min-width: 6.5em !important; }
  .table { overflow: visible; border-radius: 0; }
  figure.timeline { overflow: visible; border-radius: 0; }
  figure.timeline svg { min-width: 0; }
  a { text-decoration: none; }
}
"""
