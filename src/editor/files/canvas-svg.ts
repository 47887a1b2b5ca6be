/** The canvas as an SVG document of its own: every node, edge and label in the places that the screen shows, text as text, and the graph itself as metadata. */
import { type Box, edgeCurve, pointAt, type Route, STRAIGHT } from '#editor/geometry/edge-geometry.ts';
import { nodeBox, type Size, textWidth } from '#editor/geometry/element-sizes.ts';
import { relationLabelBox } from '#editor/geometry/route-search.ts';
import { routesOf } from '#editor/geometry/routes.ts';
import { svgMetadata } from '#graph/files/carried-document.ts';
import { around } from '#graph/places/align.ts';
import type { Relation, SceneGraph, SceneObject } from '#graph/scene-graph.ts';
import { describe as inWords } from '#graph/words/describe.ts';

/** CSS colours. */
interface DrawingColours {
  readonly canvas: string;
  readonly node: string;
  readonly line: string;
  readonly ink: string;
  readonly inkSoft: string;
  readonly edge: string;
  /** Of what is marked; the edges' where it is left out. */
  readonly mark?: string;
}

export interface DrawingOptions {
  readonly name: string;
  readonly colours: DrawingColours;
  /** Of the objects that have been measured, by id. */
  readonly sizes?: ReadonlyMap<string, Size>;
  /** Where the screen leads its relations, by id. */
  readonly routes?: ReadonlyMap<string, Route>;
  /** A colour for objects without a drawing. */
  readonly markOf: (label: string) => string;
  /** Ids of the objects and relations that stand out. */
  readonly marked?: ReadonlySet<string>;
  /** Before the ids of the drawing's own parts, where several drawings are in one page. */
  readonly idPrefix?: string;
  /** The address of a label's drawing, as data. */
  readonly iconOf?: (label: string) => string | undefined;
}

export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const FONT = 'ui-sans-serif, system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif';
/** Air around everything. */
const MARGIN = 32;
/** Where a curve is furthest out, to within that air. */
const BENDS = [0.3, 0.4, 0.5, 0.6, 0.7];
/** As in the style sheet of the nodes. */
const ICON = { left: 12, side: 22, gap: 8 } as const;
const NODE_RADIUS = 12;

/** Sizes in CSS pixels. A graph without objects is an empty sheet. */
export function drawCanvas(graph: SceneGraph, options: DrawingOptions): Drawing {
  const { colours, sizes = new Map(), marked = new Set(), idPrefix = '' } = options;
  const mark = colours.mark ?? colours.edge;
  const boxes = new Map(graph.objects.map((object) => [object.id, nodeBox(object, sizes.get(object.id))]));
  const routes = options.routes ?? routesOf(graph, sizes);
  const edges = graph.relations.flatMap((relation) => {
    const [source, target] = [boxes.get(relation.subject), boxes.get(relation.object)];
    const route: Route = routes.get(relation.id) ?? STRAIGHT;
    if (!source || !target) return [];
    const curve = edgeCurve(source, target, route);
    return [{ relation, curve, label: relationLabelBox(source, target, relation, route) }];
  });
  const bends = edges.flatMap(({ curve }) => BENDS.map((t) => ({ ...pointAt(curve, t), width: 0, height: 0 })));
  const all = [...boxes.values(), ...edges.map(({ label }) => label), ...bends];
  const { left, top, right, bottom } = all.length > 0 ? around(all) : { left: 0, top: 0, right: 0, bottom: 0 };
  const [x, y] = [Math.floor(left - MARGIN), Math.floor(top - MARGIN)];
  const [width, height] = [Math.ceil(right + MARGIN) - x, Math.ceil(bottom + MARGIN) - y];
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}" font-family="${FONT}" role="img">`,
    `<title>${text(options.name)}</title>`,
    `<desc>${text(inWords(graph))}</desc>`,
    svgMetadata(graph),
    '<defs>',
    arrow(`${idPrefix}arrow`, colours.edge),
    ...(marked.size > 0 ? [arrow(`${idPrefix}marked-arrow`, mark)] : []),
    '</defs>',
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${text(colours.canvas)}"/>`,
    `<g fill="none" stroke="${text(colours.edge)}" stroke-width="1.6">`,
    ...edges.map(({ curve, relation }) =>
      marked.has(relation.id)
        ? `<path d="${curve.path}" stroke="${text(mark)}" stroke-width="2.6" marker-end="url(#${idPrefix}marked-arrow)"/>`
        : `<path d="${curve.path}" marker-end="url(#${idPrefix}arrow)"/>`,
    ),
    '</g>',
    ...graph.objects.map((object) => node(object, boxes.get(object.id)!, options)),
    ...edges.map(({ relation, label }) => relationLabel(relation, label, options)),
    '</svg>',
  ];
  return { svg: `${svg.join('\n')}\n`, width, height };
}

const arrow = (id: string, colour: string): string =>
  `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 1 L10 5 L0 9 Z" fill="${text(colour)}"/></marker>`;

/** The border of what is marked, or of anything else. */
const border = (id: string, { colours, marked }: DrawingOptions): string =>
  marked?.has(id)
    ? `stroke="${text(colours.mark ?? colours.edge)}" stroke-width="2"`
    : `stroke="${text(colours.line)}"`;

function node({ id, label, attributes }: SceneObject, { x, y, width, height }: Box, options: DrawingOptions): string {
  const { colours, markOf, iconOf } = options;
  const { left, side, gap } = ICON;
  const icon = iconOf?.(label);
  const middle = y + height / 2;
  const words = x + left + side + gap;
  const room = x + width - left - words;
  const baselines = attributes.length > 0 ? [middle - 2, middle + 13] : [middle + 5];
  return [
    '<g>',
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${NODE_RADIUS}" fill="${text(colours.node)}" ${border(id, options)}/>`,
    icon === undefined
      ? `<rect x="${x + left + 5}" y="${middle - 6}" width="12" height="12" rx="4" fill="${text(markOf(label))}"/>`
      : `<image x="${x + left}" y="${middle - side / 2}" width="${side}" height="${side}" href="${text(icon)}"/>`,
    `<text x="${words}" y="${baselines[0]}" font-size="15" font-weight="550" fill="${text(colours.ink)}">${text(shortened(label, 15, room))}</text>`,
    ...(attributes.length > 0
      ? [
          `<text x="${words}" y="${baselines[1]}" font-size="11" fill="${text(colours.inkSoft)}">${text(shortened(attributes.join(', '), 11, room))}</text>`,
        ]
      : []),
    '</g>',
  ].join('');
}

function relationLabel({ id, predicate }: Relation, { x, y, width, height }: Box, options: DrawingOptions): string {
  const { colours } = options;
  const middle = x + width / 2;
  // The box has room for a verdict, which is the picture's and not the graph's.
  const shown = Math.min(width, textWidth(predicate, 12) + 18);
  return [
    '<g>',
    `<rect x="${middle - shown / 2}" y="${y + 1}" width="${shown}" height="${height - 2}" rx="${height / 2 - 1}" fill="${text(colours.canvas)}" ${border(id, options)}/>`,
    `<text x="${middle}" y="${y + height / 2 + 4}" font-size="12" text-anchor="middle" fill="${text(colours.ink)}">${text(predicate)}</text>`,
    '</g>',
  ].join('');
}

/** Widths are estimated from above by about half; only what surely does not fit is cut. */
const SURPLUS = 1.5;

function shortened(words: string, fontSize: number, room: number): string {
  const limit = Math.max(fontSize, room) * SURPLUS;
  if (textWidth(words, fontSize) <= limit) return words;
  const letters = [...words];
  while (letters.length > 1 && textWidth(`${letters.join('')}…`, fontSize) > limit) letters.pop();
  return `${letters.join('')}…`;
}

/** Of markup. */
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** For element content and attributes, of HTML too; what XML 1.0 cannot hold becomes U+FFFD. */
export function text(value: string): string {
  return value
    .replace(/[&<>"]/g, (letter) => entities[letter]!)
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
}
