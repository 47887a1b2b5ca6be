/** The tour: five things that are done once, on whatever graph is on the canvas. Each is passed by doing it, however it is done. */
import { documentOf, type PictureRecord } from '#editor/history/picture-record.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

export const tourSteps = ['add', 'relate', 'paint', 'turn', 'compare'] as const;
export type TourStep = (typeof tourSteps)[number];

/** What the steps are passed by. */
export interface Scene {
  readonly document: string;
  readonly graph: SceneGraph;
  readonly pictures: readonly PictureRecord[];
}

export interface Tour {
  readonly step: TourStep | 'done';
  /** As it was when the step began. */
  readonly since: Scene;
  /** The picture that the turned edge is compared with; null before it was painted. */
  readonly before: PictureRecord | null;
}

export const beginTour = (scene: Scene): Tour => ({ step: 'add', since: scene, before: null });

/** Opening another graph begins the tour anew, for its edges are others. */
export function advance(tour: Tour, scene: Scene): Tour {
  if (tour.step === 'done') return tour;
  if (scene.document !== tour.since.document) return beginTour(scene);
  const next = nextOf(tour, scene);
  return next ? { ...tour, ...next, since: scene } : tour;
}

function nextOf(
  { step, since, before }: Tour,
  scene: Scene,
): Pick<Tour, 'step'> | Pick<Tour, 'step' | 'before'> | undefined {
  const { graph } = scene;
  switch (step) {
    case 'add':
      // A relation takes two.
      return graph.objects.length > 1 && hasNew(since.graph.objects, graph.objects) ? { step: 'relate' } : undefined;
    case 'relate':
      return hasNew(since.graph.relations, graph.relations) ? { step: 'paint' } : undefined;
    case 'paint': {
      const picture = newPicture(since, scene);
      return picture && { step: 'turn', before: picture };
    }
    case 'turn':
      return before && isTurned(before.graph, graph) ? { step: 'compare' } : undefined;
    case 'compare': {
      const picture = newPicture(since, scene);
      return before && picture && isTurned(before.graph, picture.graph) ? { step: 'done' } : undefined;
    }
    case 'done':
      return undefined;
    default:
      return step satisfies never;
  }
}

type Named = readonly { readonly id: string }[];
const hasNew = (before: Named, after: Named): boolean => after.some(({ id }) => before.every((old) => old.id !== id));

const newPicture = (since: Scene, { document, pictures }: Scene): PictureRecord | undefined =>
  pictures.find((picture) => documentOf(picture) === document && since.pictures.every(({ id }) => id !== picture.id));

/** Whether an edge of the one graph says something else in the other. */
const isTurned = (before: SceneGraph, after: SceneGraph): boolean =>
  after.relations.some(({ id, subject, predicate, object }) => {
    const old = before.relations.find((relation) => relation.id === id);
    return old !== undefined && (old.predicate !== predicate || old.subject !== subject || old.object !== object);
  });
