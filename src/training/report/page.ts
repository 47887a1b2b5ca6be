/** A page that needs nothing beside itself. */
import { Html, html } from './html.ts';
import { reportStyle } from './style.ts';

/** @param facts name and value, below the title */
export const pageOf = (title: string, facts: readonly (readonly [string, string])[], body: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(reportStyle)}</style>
</head>
<body>
<header><h1>${title}</h1>
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></header>
${body}
</body>
</html>
`.text;
