/** Where everything is drawn, in pixels of the surface: the picture, its chips, and the edges between them. */
import { type Box, chordOf, STRAIGHT } from '#editor/geometry/edge-geometry.ts';
import { labelWidth, type Size } from '#editor/geometry/element-sizes.ts';
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
import { FOOT, middleOf, type Surface, surfaceOf } from './surface.ts';
import { waysInRoom } from './ways-in-room.ts';

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
  // A label is as wide as what is written on it.
  const written = graph.relations.map((relation) => {
    const turnedTo = next.get(relation.id);
    return turnedTo === undefined ? relation : { ...relation, predicate: `${relation.predicate} → ${turnedTo}` };
  });
  const placed = graph.objects.map((object) => ({ ...object, position: boxOf(object.id) }));
  const routes = routesOf(
    { ...graph, objects: placed, relations: written },
    new Map(graph.objects.map(({ id }) => [id, sizes.get(id) ?? CHIP])),
  );
  const chips = graph.objects.map(({ id }) => boxOf(id));
  const ends = written.map((relation) => {
    const [source, target] = [boxOf(relation.subject), boxOf(relation.object)];
    return { source, target, chord: chordOf(source, target), width: labelWidth(relation) };
  });
  const wishes = written.map(({ id }, i) => ({ ...ends[i]!, way: routes.get(id) ?? STRAIGHT }));
  const ways = waysInRoom(wishes, chips, { width: room.width, height: room.height - FOOT });
  return graph.relations.map((said, i) => {
    const { source, target } = ends[i]!;
    return {
      relation: said,
      sentence: `${names.get(said.subject)} ${said.predicate} ${names.get(said.object)}`,
      source,
      target,
      route: ways[i]!,
      verdict: relationVerdict(record, said, objects.get(said.subject), objects.get(said.object)),
      turnedTo: next.get(said.id),
    };
  });
}
