import type { SceneGraph } from '#graph/scene-graph.ts';

/**
 * A graph in words: "sheep standing on grass; white tree behind sheep; sky". Objects without a relation are named alone, and
 * objects that read alike are numbered: "sheep 1 left of sheep 2".
 */
export function describe(graph: SceneGraph): string {
  const names = namesOf(graph);
  const nameOf = (id: string) => names.get(id) ?? '?';
  const triples = graph.relations.map((r) => `${nameOf(r.subject)} ${r.predicate} ${nameOf(r.object)}`);
  const related = new Set(graph.relations.flatMap((r) => [r.subject, r.object]));
  const alone = graph.objects.filter((object) => !related.has(object.id)).map((object) => nameOf(object.id));
  return [...triples, ...alone].join('; ');
}

/** What to call each object, by id. */
export function namesOf(graph: SceneGraph): Map<string, string> {
  const plain = graph.objects.map((object) => [...object.attributes, object.label].join(' '));
  const counts = new Map<string, number>();
  for (const name of plain) counts.set(name, (counts.get(name) ?? 0) + 1);
  const used = new Map<string, number>();
  return new Map(
    graph.objects.map((object, i) => {
      const name = plain[i]!;
      const number = (used.get(name) ?? 0) + 1;
      used.set(name, number);
      return [object.id, counts.get(name) === 1 ? name : `${name} ${number}`];
    }),
  );
}
