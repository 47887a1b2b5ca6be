/**
 * Which way each relation runs. Whatever the graph, no label overlaps another label or an object: when no gentle bend is free, the
 * label goes to the nearest free place and its edge passes through it.
 */
import type { Relation, SceneGraph } from '#graph/scene-graph.ts';
import { BoxGrid } from './box-grid.ts';
import { type Box, chordOf, type Route } from './edge-geometry.ts';
import { labelWidth, nodeBox, type Size } from './element-sizes.ts';
import {
  crossingsOf,
  type Ends,
  gentlest,
  isFree,
  labelBox,
  nearestFree,
  optionsOf,
  type Scene,
} from './route-search.ts';

/** Routes and what they were found for. */
export interface Routing {
  readonly routes: ReadonlyMap<string, Route>;
  /** By object. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** By the key of their two ends. */
  readonly bundles: ReadonlyMap<string, readonly Relation[]>;
}

/** Relations between the same two objects, in either direction. */
type Bundle = readonly Relation[];

/**
 * Fans out parallel relations first, and then leads the lone ones around objects and labels that are in their way.
 * @param sizes of the objects that have been measured, by id
 */
export function routesOf(graph: SceneGraph, sizes: ReadonlyMap<string, Size> = new Map()): ReadonlyMap<string, Route> {
  return findRouting(graph, sizes).routes;
}

/** Up to this many relations everything is found anew: the same graph looks the same, however it came about. */
const ALL_ANEW = 150;

/**
 * As routesOf, in time for the next frame: of a large graph, only the relations of what was moved or changed find a new way, and those
 * that it came to lie on.
 */
export function nextRouting(before: Routing | undefined, graph: SceneGraph, sizes: ReadonlyMap<string, Size>): Routing {
  return findRouting(graph, sizes, graph.relations.length > ALL_ANEW ? before : undefined);
}

function findRouting(graph: SceneGraph, sizes: ReadonlyMap<string, Size>, before?: Routing): Routing {
  const boxes = new Map(graph.objects.map((object) => [object.id, nodeBox(object, sizes.get(object.id))]));
  const bundles = bundlesOf(graph.relations);
  const scene: Scene = { objects: new BoxGrid(), labels: new BoxGrid() };
  for (const box of boxes.values()) scene.objects.add(box);
  const routes = new Map<string, Route>();
  const open: Bundle[] = [];
  const stays = before && stayingPut(before, boxes);
  for (const [key, bundle] of bundles) {
    if (!before || !stays?.(key, bundle)) {
      open.push(bundle);
      continue;
    }
    for (const relation of bundle) {
      const route = before.routes.get(relation.id)!;
      routes.set(relation.id, route);
      scene.labels.add(labelBox(endsOf(relation, boxes)!, route));
    }
  }
  for (const bundle of open.sort((a, b) => b.length - a.length)) routeBundle(bundle, boxes, scene, routes);
  return { routes, boxes, bundles };
}

/** Whether a bundle keeps its way: neither end moved, and nothing that moved came to lie on it. */
function stayingPut(before: Routing, boxes: ReadonlyMap<string, Box>): (key: string, bundle: Bundle) => boolean {
  const moved: Scene = { objects: new BoxGrid(), labels: new BoxGrid() };
  const hasMoved = new Set<string>();
  for (const [id, box] of boxes) {
    if (isSameBox(box, before.boxes.get(id))) continue;
    hasMoved.add(id);
    moved.objects.add(box);
  }
  return (key, bundle) => {
    const old = before.bundles.get(key);
    if (old?.length !== bundle.length) return false;
    return bundle.every((relation, i) => {
      const ends = endsOf(relation, boxes);
      const route = before.routes.get(relation.id);
      if (relation !== old[i] || !ends || !route) return false;
      if (hasMoved.has(relation.subject) || hasMoved.has(relation.object)) return false;
      return isFree(moved, labelBox(ends, route)) && crossingsOf(route, ends, moved) === 0;
    });
  };
}

function routeBundle(bundle: Bundle, boxes: ReadonlyMap<string, Box>, scene: Scene, routes: Map<string, Route>): void {
  const widest = Math.max(...bundle.map(labelWidth));
  const lanes = fanOut(bundle);
  const taken: number[] = [];
  for (const [i, relation] of bundle.entries()) {
    const ends = endsOf(relation, boxes);
    if (!ends) continue;
    // Two relations of a bundle never share a side of the line at the same distance.
    const isOwn = ({ across }: Route) => taken.every((other) => Math.abs(other - turned(relation) * across) > 12);
    const options = optionsOf(ends.chord, widest, lanes[i] ?? 0).filter(isOwn);
    const route = gentlest(options, ends, scene) ?? nearestFree(ends, scene);
    taken.push(turned(relation) * route.across);
    routes.set(relation.id, route);
    scene.labels.add(labelBox(ends, route));
  }
}

function endsOf(relation: Relation, boxes: ReadonlyMap<string, Box>): Ends | undefined {
  const source = boxes.get(relation.subject);
  const target = boxes.get(relation.object);
  return source && target && { source, target, chord: chordOf(source, target), width: labelWidth(relation) };
}

function isSameBox(a: Box, b: Box | undefined): boolean {
  return b !== undefined && a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** Lane of each relation: 0 alone, −½ and ½ for two, −1, 0, 1 for three; the sign is relative to the edge's own direction. */
export function fanOut(bundle: Bundle): readonly number[] {
  return bundle.map((relation, index) => turned(relation) * (index - (bundle.length - 1) / 2));
}

function bundlesOf(relations: readonly Relation[]): Map<string, Bundle> {
  const bundles = new Map<string, Relation[]>();
  for (const relation of relations) {
    const key = JSON.stringify([relation.subject, relation.object].sort());
    const bundle = bundles.get(key);
    if (bundle) bundle.push(relation);
    else bundles.set(key, [relation]);
  }
  return bundles;
}

/** a → b and b → a count their lanes in one direction, so that they never share one. */
function turned(relation: Relation): 1 | -1 {
  return relation.subject < relation.object ? 1 : -1;
}
