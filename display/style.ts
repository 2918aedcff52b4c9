/** Colours by what they mean, in both themes; then the page from top to bottom. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfa; --card: #ffffff; --ink: #1d1c1a; --muted: #65635e; --line: #e3e1db; --grid: #eceae5;
  --blue: #2563c9; --blue-soft: #9dbcf0; --gray: #8d8a83; --red: #c22f1d; --amber: #9a6200; --green: #1c7440;
  --red-soft: #fbe9e6; --amber-soft: #fbf0d9; --green-soft: #e4f3ea; --blue-soft-bg: #e8effb;
  --s0: #2563c9; --s1: #d97706; --s2: #0f8577; --s3: #8b46c1; --s4: #c2417c; --s5: #6f7614;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #151516; --card: #1c1c1e; --ink: #ecebe7; --muted: #a3a099; --line: #333336; --grid: #29292c;
    --blue: #7aa7f7; --blue-soft: #3d5f9e; --gray: #8d8a83; --red: #ff7a66; --amber: #e9b04b; --green: #5cc98a;
    --red-soft: #3b1d19; --amber-soft: #372a12; --green-soft: #173325; --blue-soft-bg: #1d2a40;
    --s0: #7aa7f7; --s1: #f2a64b; --s2: #45c2b2; --s3: #c090ef; --s4: #f08bb5; --s5: #b8c04f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
main, header, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 36px; }
code, .mono { font: 0.9em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
a { color: var(--blue); }
.over { margin: 0; color: var(--muted); font-size: 12px; letter-spacing: 0.08em; text-transform: uppercase; }
.title { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 16px; margin: 4px 0 8px; }
h1 { margin: 0; font-size: 32px; line-height: 1.15; font-weight: 680; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 { margin: 0; font-size: 20px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; }
h3 { margin: 0 0 4px; font-size: 14px; font-weight: 600; }
.scroll + h3, .scroll + figure, .about + h3, details + h3 { margin-top: 28px; }
.about { margin: 0; color: var(--muted); overflow-wrap: anywhere; }
.badge { padding: 3px 12px; border-radius: 99px; font-size: 14px; font-weight: 700; letter-spacing: 0.04em; }
.badge.pass { background: var(--green-soft); color: var(--green); }
.badge.fail { background: var(--red-soft); color: var(--red); }
.badge.invalid { background: var(--amber-soft); color: var(--amber); }
.banner { margin: 20px 0 0; padding: 16px 20px; border-radius: 10px; }
.banner strong { display: block; font-size: 22px; line-height: 1.3; letter-spacing: 0.01em; }
.banner p, .banner ul { margin: 4px 0 0; padding: 0; overflow-wrap: anywhere; }
.banner li { margin: 2px 0 0 18px; }
.banner.invalid { background: #b3261a; color: #ffffff; }
.banner.partial { background: #f2b93b; color: #2a1d00; }
.banner.fail { background: var(--red-soft); color: var(--ink); box-shadow: inset 4px 0 0 var(--red); }
.banner.note { background: var(--blue-soft-bg); color: var(--ink); box-shadow: inset 4px 0 0 var(--blue); }
.banner.note strong { font-size: 15px; }
.tiles { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 0 24px; margin: 28px 0 0; }
@media (min-width: 940px) { .tiles { grid-template-columns: none; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); } }
.tile { padding: 10px 0 14px; border-top: 2px solid var(--ink); }
.tile dd { margin: 0; }
.tile dt { color: var(--muted); font-size: 13px; }
.tile dd.value { font-size: 27px; line-height: 1.25; font-weight: 620; letter-spacing: -0.02em; white-space: nowrap; }
.tile small { font-size: 15px; font-weight: 500; letter-spacing: 0; color: var(--muted); }
.tile dd.note { font-size: 13px; font-weight: 400; letter-spacing: 0; color: var(--muted); white-space: normal; }
section { margin: 44px 0 0; }
section > .lead { margin: 2px 0 14px; max-width: 74ch; color: var(--muted); }
.beside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px 36px; }
@media (min-width: 900px) { .beside { grid-template-columns: minmax(0, 2.1fr) minmax(0, 1fr); } }
figure { margin: 0 0 18px; }
figcaption { margin: 0 0 6px; font-size: 14px; font-weight: 600; }
figcaption .legend { display: inline-flex; flex-wrap: wrap; gap: 0 16px; margin-left: 12px; font-weight: 400; color: var(--muted); font-size: 13px; }
.key { overflow-wrap: anywhere; } th .key { white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: 14px; height: 3px; margin-right: 6px; border-radius: 2px; vertical-align: middle; background: var(--gray); }
.key.latency::before, .key.series-0::before { background: var(--s0); }
.key.series-1::before { background: var(--s1); } .key.series-2::before { background: var(--s2); }
.key.series-3::before { background: var(--s3); } .key.series-4::before { background: var(--s4); }
.key.series-5::before { background: var(--s5); }
.key.ok::before { height: 10px; background: var(--blue-soft); } .key.failed::before { height: 10px; background: var(--red); }
.key.due::before, .key.p50::before, .key.p99::before { background: var(--ink); }
.key.p99::before { width: 22px; height: 0; border-top: 2px dashed var(--ink); border-radius: 0; background: none; }
.key.service::before { width: 22px; height: 0; border-top: 2px dashed var(--gray); border-radius: 0; background: none; }
.key.heat::before { width: 42px; height: 10px; background: linear-gradient(90deg, transparent, var(--blue)); box-shadow: inset 0 0 0 1px var(--line); }
.plot { display: block; width: calc(100% - 60px); margin-left: 60px; overflow: visible; }
.shapes { overflow: hidden; }
.plot text { fill: var(--muted); font-size: 11.5px; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.plot .grid { stroke: var(--grid); } .plot .base, .plot .tick { stroke: var(--gray); }
.plot .cross { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 2; visibility: hidden; }
.plot .line { fill: none; stroke: var(--gray); stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.plot .line.service { stroke: var(--gray); stroke-dasharray: 5 4; }
.plot .line.latency, .plot .line.series-0 { stroke: var(--s0); stroke-width: 2.5; }
.plot .line.series-1 { stroke: var(--s1); } .plot .line.series-2 { stroke: var(--s2); } .plot .line.series-3 { stroke: var(--s3); }
.plot .line.series-4 { stroke: var(--s4); } .plot .line.series-5 { stroke: var(--s5); }
.plot .line.due, .plot .line.p50, .plot .line.p99 { stroke: var(--ink); stroke-width: 1.5; }
.plot .line.p99 { stroke-dasharray: 4 3; }
.plot .area { stroke: none; shape-rendering: crispEdges; }
.plot .area.ok { fill: var(--blue-soft); } .plot .area.failed { fill: var(--red); } .plot .area.lag { fill: var(--gray); }
.plot .area.series-0 { fill: var(--s0); } .plot .area.series-1 { fill: var(--s1); } .plot .area.series-2 { fill: var(--s2); }
.plot .area.series-3 { fill: var(--s3); } .plot .area.series-4 { fill: var(--s4); } .plot .area.series-5 { fill: var(--s5); }
.plot .heat { fill: var(--blue); shape-rendering: crispEdges; }
.plot .heat-0 { fill-opacity: 0.14; } .plot .heat-1 { fill-opacity: 0.26; } .plot .heat-2 { fill-opacity: 0.4; }
.plot .heat-3 { fill-opacity: 0.56; } .plot .heat-4 { fill-opacity: 0.76; } .plot .heat-5 { fill-opacity: 1; }
.plot .limit line { stroke-width: 2; } .plot .limit text { font-weight: 600; }
.plot .limit.pass line { stroke: var(--green); } .plot .limit.pass circle, .plot .limit.pass text { fill: var(--green); }
.plot .limit.fail line { stroke: var(--red); } .plot .limit.fail circle, .plot .limit.fail text { fill: var(--red); }
.plot .limit.invalid line { stroke: var(--amber); } .plot .limit.invalid circle, .plot .limit.invalid text { fill: var(--amber); }
.plot line.allowed { stroke: var(--red); stroke-dasharray: 3 3; } .plot text.allowed { fill: var(--red); }
.plot .zero { stroke: var(--ink); } .plot .floor { fill: var(--grid); } .plot .ring { fill: var(--paper); }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
caption { padding: 0 0 6px; text-align: left; font-weight: 600; }
th, td { padding: 6px 0 6px 24px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
th:first-child, td:first-child { padding-left: 0; }
thead th { padding-top: 0; border-bottom-color: var(--gray); color: var(--muted); font-size: 12.5px; font-weight: 500; white-space: nowrap; }
tbody th { min-width: 96px; font-weight: 500; overflow-wrap: anywhere; }
th small { margin-left: 12px; color: var(--muted); font-size: 12.5px; font-weight: 400; }
.num { text-align: right; white-space: nowrap; }
td.wide { min-width: 180px; overflow-wrap: anywhere; }
.pass-text { color: var(--green); font-weight: 600; } .fail-text { color: var(--red); font-weight: 600; }
.invalid-text { color: var(--amber); font-weight: 600; } .quiet { color: var(--muted); }
.interval, .interval-axis { display: block; min-width: 200px; overflow: visible; }
td.interval-cell { padding-top: 0; padding-bottom: 0; vertical-align: middle; width: 34%; }
.interval .floor { fill: var(--grid); } .interval .zero { stroke: var(--gray); }
.interval .reach { stroke: var(--muted); stroke-width: 3; stroke-linecap: round; } .interval .center { fill: var(--muted); }
.interval .ring { fill: none; stroke: var(--gray); }
.interval.worse .reach { stroke: var(--red); } .interval.worse .center { fill: var(--red); }
.interval.better .reach { stroke: var(--green); } .interval.better .center { fill: var(--green); }
.interval-axis text { fill: var(--muted); font-size: 11.5px; }
.pairs { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 36px; }
@media (min-width: 800px) { .pairs { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
.plot .dot.holds { fill: var(--green); } .plot .dot.fails { fill: var(--red); } .plot .dot.invalid { fill: none; stroke: var(--amber); stroke-width: 2; }
.key.holds::before { background: var(--green); } .key.fails::before { background: var(--red); } .key.invalid::before { background: var(--amber); }
.plot .dot.series-0 { fill: var(--s0); } .plot .dot.series-1 { fill: var(--s1); }
h1 .key::before { width: 0.45em; height: 0.45em; margin-right: 0.3em; border-radius: 50%; }
.bar { display: block; width: 100%; min-width: 60px; height: 10px; }
.bar rect { fill: var(--grid); } .bar rect.series-0 { fill: var(--s0); } .bar rect.series-1 { fill: var(--s1); }
.bar rect.series-2 { fill: var(--s2); } .bar rect.series-3 { fill: var(--s3); } .bar rect.series-4 { fill: var(--s4); }
.bar rect.series-5 { fill: var(--s5); }
details { margin: 0 0 18px; } summary { width: fit-content; color: var(--muted); font-size: 13px; cursor: pointer; }
summary:hover { color: var(--ink); } details[open] > summary { margin-bottom: 8px; }
details .scroll { max-height: 420px; overflow-y: auto; }
dl.facts { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 36px; margin: 0; }
@media (min-width: 700px) { dl.facts { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
dl.facts > div { display: grid; grid-template-columns: 150px minmax(0, 1fr); gap: 12px; padding: 6px 0; border-bottom: 1px solid var(--line); font-size: 14px; }
dl.facts dt { color: var(--muted); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
ul.notes { margin: 16px 0 0; padding: 0 0 0 18px; color: var(--muted); max-width: 90ch; overflow-wrap: anywhere; }
footer { margin-top: 52px; padding-bottom: 40px; color: var(--muted); font-size: 13px; }
footer p { max-width: 90ch; border-top: 1px solid var(--line); padding-top: 14px; }
.tip {
  position: absolute; z-index: 2; pointer-events: none; visibility: hidden; max-width: 260px; padding: 8px 11px;
  border: 1px solid var(--line); border-radius: 7px; background: var(--card); color: var(--ink); font-size: 12.5px; line-height: 1.5;
  box-shadow: 0 4px 16px rgb(0 0 0 / 16%);
}
.tip b { display: block; } .tip span { display: flex; justify-content: space-between; gap: 18px; }
.tip i { font-style: normal; color: var(--muted); overflow-wrap: anywhere; } .tip b, .tip i { unicode-bidi: isolate; }
@media (max-width: 520px) {
  main, header, footer { padding-left: 16px; padding-right: 16px; }
  th small { display: block; margin-left: 0; }
  td.bar-cell, th.bar-cell { display: none; }
  h1 { font-size: 26px; } .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  figcaption .legend { margin-left: 0; display: flex; } dl.facts > div { grid-template-columns: 116px minmax(0, 1fr); }
}
@media print {
  :root {
    color-scheme: light; --paper: #ffffff; --card: #ffffff; --ink: #1d1c1a; --muted: #55534e; --line: #dddbd5; --grid: #eceae5;
    --blue: #2563c9; --blue-soft: #9dbcf0; --red: #c22f1d; --amber: #9a6200; --green: #1c7440; --red-soft: #fbe9e6;
    --amber-soft: #fbf0d9; --green-soft: #e4f3ea; --blue-soft-bg: #e8effb;
    --s0: #2563c9; --s1: #d97706; --s2: #0f8577; --s3: #8b46c1; --s4: #c2417c; --s5: #6f7614;
  }
  body { font-size: 12px; } main, header, footer { max-width: none; padding: 0; }
  .banner, .badge, .plot, .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  figure, table, .banner, .tiles { break-inside: avoid; } .tip, details { display: none; }
}
`.trim();
