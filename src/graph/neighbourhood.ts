/** What touches what: an object with its relations and their other ends, a relation with its two ends. */
import type { SceneGraph } from './scene-graph.ts';

/** Ids of nodes and edges. */
export interface Elements {
  readonly objects: ReadonlySet<string>;
  readonly relations: ReadonlySet<string>;
}

/** The elements themselves and all that touch them. */
export function neighbourhood({ relations }: SceneGraph, of: Elements): Elements {
  const touching = relations.filter(
    ({ id, subject, object }) => of.relations.has(id) || of.objects.has(subject) || of.objects.has(object),
  );
  return {
    objects: new Set([...of.objects, ...touching.flatMap(({ subject, object }) => [subject, object])]),
    relations: new Set(touching.map(({ id }) => id)),
  };
}
