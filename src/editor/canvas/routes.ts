/** Which way each relation runs, so that its curve and its label keep clear of other labels and of other objects. */
import type { Relation, SceneGraph, SceneObject } from '#graph/scene-graph.ts';
import { type Box, edgeCurve, LABEL_HEIGHT, pointAt, type Route } from './edge-geometry.ts';

/** Lane of each relation: 0 alone, −½ and ½ for two, −1, 0, 1 for three; the sign is relative to the edge's own direction. */
export function fanOut(bundle: readonly Relation[]): readonly number[] {
  return bundle.map((relation, index) => turned(relation) * (index - (bundle.length - 1) / 2));
}

/** What a lone relation tries when something is in its way: the gentlest change first. */
const attempts: readonly Pick<Route, 'lane' | 'at'>[] = [
  ...[0.5, 0.36, 0.64].map((at) => ({ lane: 0, at })),
  ...[0.7, -0.7, 1.3, -1.3, 2, -2, 3, -3].flatMap((lane) => [0.5, 0.36, 0.64].map((at) => ({ lane, at }))),
];
/** Beyond this many relations × objects the canvas stays quick rather than tidy. */
const MAX_CHECKS = 12_000;

/** Fans out parallel relations first, and then leads the lone ones around objects and labels that are in their way. */
export function routesOf(graph: SceneGraph): Map<string, Route> {
  const routes = new Map<string, Route>();
  const boxes = new Map(graph.objects.map((object) => [object.id, boxOf(object)]));
  const isSmall = graph.relations.length * graph.objects.length <= MAX_CHECKS;
  const labels: Box[] = [];
  const bundles = bundlesOf(graph.relations).sort((a, b) => b.length - a.length);
  for (const bundle of bundles) {
    const spread = Math.max(...bundle.map(labelWidth)) + 8;
    const lanes = fanOut(bundle);
    for (const [i, relation] of bundle.entries()) {
      const source = boxes.get(relation.subject);
      const target = boxes.get(relation.object);
      if (!source || !target) continue;
      const ends = new Set([source, target]);
      const others = isSmall ? [...boxes.values()].filter((box) => !ends.has(box)) : [];
      const options =
        bundle.length === 1 && isSmall
          ? attempts.map((attempt) => ({ ...attempt, spread }))
          : [{ lane: lanes[i] ?? 0, at: 0.5, spread }];
      const cost = (option: Route) => costOf(source, target, option, labelWidth(relation), others, labels);
      const route = options.length === 1 ? options[0]! : cheapest(options, cost);
      routes.set(relation.id, route);
      if (isSmall) labels.push(labelBox(source, target, route, labelWidth(relation)));
    }
  }
  return routes;
}

function bundlesOf(relations: readonly Relation[]): Relation[][] {
  const bundles = new Map<string, Relation[]>();
  for (const relation of relations) {
    const key = JSON.stringify([relation.subject, relation.object].sort());
    const bundle = bundles.get(key);
    if (bundle) bundle.push(relation);
    else bundles.set(key, [relation]);
  }
  return [...bundles.values()];
}

/** a → b and b → a count their lanes in one direction, so that they never share one. */
function turned(relation: Relation): 1 | -1 {
  return relation.subject < relation.object ? 1 : -1;
}

/** Sizes as the style sheet makes them, near enough for finding a way; with room for a verdict. */
function boxOf({ label, position }: SceneObject): Box {
  return { x: position.x, y: position.y, width: Math.max(76, 64 + 9 * label.length), height: 44 };
}

function labelWidth({ predicate }: Relation): number {
  return 38 + 6.6 * predicate.length;
}

function labelBox(source: Box, target: Box, route: Route, width: number): Box {
  const { label } = edgeCurve(source, target, route);
  const height = LABEL_HEIGHT - 8;
  return { x: label.x - width / 2, y: label.y - height / 2, width, height };
}

const SAMPLES = 14;
const CLEARANCE = 6;

/** What is worst first: a hidden label, a curve through an object, a curve through a label, a needless bend. */
function costOf(
  source: Box,
  target: Box,
  route: Route,
  width: number,
  objects: readonly Box[],
  labels: readonly Box[],
): number {
  const label = labelBox(source, target, route, width);
  const hidden = [...objects, source, target, ...labels].filter((box) => overlaps(box, label)).length;
  const curve = edgeCurve(source, target, route);
  const spots = Array.from({ length: SAMPLES - 1 }, (_, i) => {
    const { x, y } = pointAt(curve, (i + 1) / SAMPLES);
    return { x: x - CLEARANCE, y: y - CLEARANCE, width: 2 * CLEARANCE, height: 2 * CLEARANCE };
  });
  const isCrossed = (box: Box) => spots.some((spot) => overlaps(box, spot));
  const bend = Math.abs(route.lane) + 4 * Math.abs(route.at - 0.5);
  return 100 * hidden + 60 * objects.filter(isCrossed).length + 6 * labels.filter(isCrossed).length + bend;
}

function cheapest(options: readonly Route[], cost: (option: Route) => number): Route {
  let best = options[0]!;
  let least = cost(best);
  for (const option of options.slice(1)) {
    if (least < 0.01) break;
    const price = cost(option);
    if (price < least) [best, least] = [option, price];
  }
  return best;
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
