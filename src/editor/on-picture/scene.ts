/** Where everything is drawn, in pixels of the surface: the picture, its chips, and the edges between them. */
import { type Box, type Chord, chordOf, labelPlace, type Route, STRAIGHT } from '#editor/geometry/edge-geometry.ts';
import type { Size } from '#editor/geometry/element-sizes.ts';
import { grown } from '#editor/geometry/place-toolbar.ts';
import { routesOf } from '#editor/geometry/routes.ts';
import { spread } from '#editor/geometry/spread.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import type { Point } from '#editor/interface/interface-store.ts';
import { relationVerdict } from '#editor/painting/findings.ts';
import { isRegion, type Box as Shares } from '#graph/places/geometry.ts';
import type { TurnedRelation } from '#graph/places/turned-relations.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { namesOf } from '#graph/words/describe.ts';
import type { DrawnEdge } from './Edges.tsx';
import { middleOf, type Surface, surfaceOf } from './surface.ts';

/** Before they are measured. */
const CHIP: Size = { width: 96, height: 30 };
/** Chips stay this far inside of the picture's border. */
const INSET = 8;
/** From one that waits to the next. */
const STRIDE = { x: 104, y: 38 } as const;

export interface Layout {
  readonly surface: Surface;
  /** Of chips, at rest. */
  readonly middles: ReadonlyMap<string, Point>;
  /** Ids of what is not in the picture. */
  readonly waiting: readonly string[];
}

/** @param boxes of what is in the picture @param sizes of chips that were measured */
export function layOutChips(
  graph: SceneGraph,
  boxes: ReadonlyMap<string, Shares>,
  { room, aspect, sizes }: { readonly room: Size; readonly aspect: number; readonly sizes: ReadonlyMap<string, Size> },
): Layout {
  const waiting = graph.objects.map(({ id }) => id).filter((id) => !boxes.has(id));
  const surface = surfaceOf(room, aspect, waiting.length > 0);
  const { frame, shelf } = surface;
  const sizeOf = (id: string) => sizes.get(id) ?? CHIP;
  const placed = [...boxes].map(([id, box]) => ({ id, at: placeOf(box, frame), ...sizeOf(id) }));
  const isUpright = shelf.width > shelf.height;
  const queue = waiting.map((id, i) => {
    const { width, height } = sizeOf(id);
    const step = isUpright ? { x: i * STRIDE.x, y: 0 } : { x: 0, y: i * STRIDE.y };
    return { id, at: { x: shelf.x + width / 2 + step.x, y: shelf.y + height / 2 + step.y }, width, height };
  });
  return { surface, middles: new Map([...spread(placed, grown(frame, -INSET)), ...spread(queue, shelf)]), waiting };
}

/** In the middle of a thing; of what fills the picture's width at its border, where the fewest things are. */
const placeOf = (box: Shares, frame: Box): Point =>
  isRegion(box) ? { x: frame.x, y: middleOf(box, frame).y } : middleOf(box, frame);

interface SceneNow {
  readonly middles: ReadonlyMap<string, Point>;
  readonly sizes: ReadonlyMap<string, Size>;
  readonly turned: readonly TurnedRelation[];
  readonly room: Size;
}

/** The relations between the chips where they are now. */
export function edgesOf(
  graph: SceneGraph,
  record: PictureRecord | null,
  { middles, sizes, turned, room }: SceneNow,
): readonly DrawnEdge[] {
  const names = namesOf(graph);
  const objects = new Map(graph.objects.map((object) => [object.id, object]));
  const next = new Map(turned.map(({ relation, predicate }) => [relation.id, predicate]));
  const boxOf = (id: string): Box => {
    const [{ x, y }, { width, height }] = [middles.get(id) ?? { x: 0, y: 0 }, sizes.get(id) ?? CHIP];
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  const routes = routesOf(
    {
      ...graph,
      objects: graph.objects.map((object) => ({ ...object, position: boxOf(object.id) })),
      // As wide as what is written on it.
      relations: graph.relations.map((relation) => {
        const turnedTo = next.get(relation.id);
        return turnedTo === undefined ? relation : { ...relation, predicate: `${relation.predicate} → ${turnedTo}` };
      }),
    },
    new Map(graph.objects.map(({ id }) => [id, sizes.get(id) ?? CHIP])),
  );
  return graph.relations.map((relation) => {
    const [source, target] = [boxOf(relation.subject), boxOf(relation.object)];
    return {
      relation,
      sentence: `${names.get(relation.subject)} ${relation.predicate} ${names.get(relation.object)}`,
      source,
      target,
      route: seen(routes.get(relation.id) ?? STRAIGHT, chordOf(source, target), room),
      verdict: relationVerdict(record, relation, objects.get(relation.subject), objects.get(relation.object)),
      turnedTo: next.get(relation.id),
    };
  });
}

/** Half of a label. */
const HALF: Size = { width: 60, height: 14 };

/** The canvas has no end, the picture has: a way that leads out of it is taken on the other side, or straight. */
function seen(route: Route, chord: Chord, room: Size): Route {
  const isIn = (way: Route) => {
    const { x, y } = labelPlace(chord, way);
    return x >= HALF.width && x <= room.width - HALF.width && y >= HALF.height && y <= room.height - HALF.height;
  };
  return [route, { ...route, across: -route.across }].find(isIn) ?? STRAIGHT;
}
