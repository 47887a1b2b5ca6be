/** The report's only style sheet. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf7; --paper: #ffffff; --ink: #23211d; --soft: #6d675c; --line: #e0dbd0;
  --bar: #b5532d; --tick: #23211d; --floor: #9a9284; --good: #2e7d4f; --bad: #b3261e; --cell: 181 83 45; --on-dark: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #171613; --paper: #201e1a; --ink: #ece7db; --soft: #a49c8c; --line: #3a362f;
    --bar: #e08a5b; --tick: #ece7db; --floor: #7d7566; --good: #7fcf9c; --bad: #f2857c; --cell: 224 138 91; --on-dark: #171613;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 32px 24px 64px; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 26px; } h2 { margin: 44px 0 4px; font-size: 19px; }
p { margin: 4px 0 14px; max-width: 75ch; } .soft, p.lead { color: var(--soft); }
table { width: 100%; border-collapse: collapse; background: var(--paper); border: 1px solid var(--line); }
th, td { padding: 8px 12px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; }
th { color: var(--soft); font-weight: 500; font-size: 13px; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td small { display: block; color: var(--soft); max-width: 46ch; } td b { font-size: 16px; }
.scroll { overflow-x: auto; }
dl { display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 12px 0 0; } dt { color: var(--soft); font-size: 12px; } dd { margin: 0; font-variant-numeric: tabular-nums; }
.fails { display: grid; grid-template-columns: 480px minmax(0, 1fr); gap: 28px; align-items: start; }
summary { cursor: pointer; margin: 8px 0; color: var(--soft); }
.columns { display: flex; flex-wrap: wrap; gap: 28px; align-items: flex-start; }
figure { margin: 0; } figcaption { margin-bottom: 6px; font-weight: 600; font-size: 14px; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .name { text-anchor: end; } svg .note, svg .head { fill: var(--soft); }
.chart { max-width: 100%; height: auto; }
.track { fill: var(--line); opacity: .6; } .bar { fill: var(--bar); } .tick { stroke: var(--tick); stroke-width: 2; }
.cell { fill: rgb(var(--cell) / var(--share)); stroke: var(--line); } .cell.right { stroke: var(--ink); } .cell-text { text-anchor: middle; font-size: 11px; } svg .on-dark { fill: var(--on-dark); }
.curve { fill: none; stroke: var(--bar); stroke-width: 1.5; } figcaption small { color: var(--soft); font-weight: 400; } .sheet figure img { width: 100%; height: auto; }
.passes polyline { fill: none; stroke-width: 1.5; }
.hue-0 { --hue: 15 70% 48%; } .hue-1 { --hue: 210 70% 50%; } .hue-2 { --hue: 150 55% 38%; } .hue-3 { --hue: 280 50% 58%; } .hue-4 { --hue: 45 85% 42%; } .hue-5 { --hue: 330 60% 52%; }
.passes [class^="hue"] polyline { stroke: hsl(var(--hue)); } .passes [class^="hue"] circle, svg.passes text[class^="hue"] { fill: hsl(var(--hue)); }
.outline { fill: none; stroke: var(--tick); stroke-width: 2; }
.axis { stroke: var(--line); } .interval { fill: var(--bar); opacity: .35; } .value { fill: var(--bar); } line.ceiling { stroke: var(--tick); stroke-width: 2; } line.floor { stroke: var(--floor); stroke-width: 2; stroke-dasharray: 3 2; }
.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 18px; }
.sheet.wide { grid-template-columns: repeat(auto-fill, minmax(540px, 1fr)); }
.card { padding: 10px; border: 1px solid var(--line); background: var(--paper); }
.card .pictures { display: flex; gap: 6px; } .card img { flex: 1 1 0; min-width: 0; width: 100%; height: auto; max-width: 192px; }
.card p { margin: 8px 0 0; font-size: 13px; } .card .under { display: flex; gap: 6px; font-size: 12px; color: var(--soft); } .card .under span { flex: 1 1 0; max-width: 192px; }
.good { color: var(--good); } .bad { color: var(--bad); }
.key { display: flex; flex-wrap: wrap; gap: 18px; font-size: 13px; color: var(--soft); margin: 8px 0; } .key svg { vertical-align: -6px; }
@media (max-width: 1100px) { .fails { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 600px) { .sheet, .sheet.wide { grid-template-columns: 1fr; } }
@media print { body { max-width: none; } .card { break-inside: avoid; } }
`;
