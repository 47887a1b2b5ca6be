/** Relations that cannot all hold: "dog left of cat" and "cat left of dog", or three that lead round in a circle. */
import type { Relation, SceneGraph } from '#graph/scene-graph.ts';

/** Along each axis what comes first, and the predicates that say so; the others say the reverse. */
const axes: readonly { readonly forward: readonly string[]; readonly backward: readonly string[] }[] = [
  { forward: ['left of', 'on left of'], backward: ['right of', 'on right of'] },
  { forward: ['above'], backward: ['below', 'beneath', 'underneath'] },
  { forward: ['in front of'], backward: ['behind'] },
  { forward: ['inside'], backward: ['surrounding'] },
];

interface Step {
  readonly relation: Relation;
  readonly from: string;
  readonly to: string;
}

/** Circles of relations, each by the ids of its relations. Every relation that lies on a circle is in one, though not all circles are told. */
export function contradictions({ relations }: SceneGraph): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = [];
  for (const axis of axes) {
    const steps = relations.flatMap((relation) => stepsOf(relation, axis));
    const told = new Set<string>();
    for (const step of steps) {
      if (told.has(step.relation.id)) continue;
      const back = wayBack(step, steps);
      if (!back) continue;
      const circle = [step, ...back].map(({ relation }) => relation.id);
      for (const id of circle) told.add(id);
      circles.push(circle);
    }
  }
  return circles;
}

function stepsOf(relation: Relation, { forward, backward }: (typeof axes)[number]): readonly Step[] {
  const { subject, predicate, object } = relation;
  if (forward.includes(predicate)) return [{ relation, from: subject, to: object }];
  return backward.includes(predicate) ? [{ relation, from: object, to: subject }] : [];
}

/** The shortest way from where a step ends to where it began; undefined when there is none. */
function wayBack({ from: goal, to: start }: Step, steps: readonly Step[]): readonly Step[] | undefined {
  const seen = new Set([start]);
  let ways: (readonly Step[])[] = [[]];
  while (ways.length > 0) {
    const longer = ways.flatMap((way) => {
      const at = way.at(-1)?.to ?? start;
      return steps
        .filter(({ from, to }) => from === at && (to === goal || !seen.has(to)))
        .map((step) => [...way, step]);
    });
    const home = longer.find((way) => way.at(-1)?.to === goal);
    if (home) return home;
    ways = longer.filter((way) => {
      const { to } = way.at(-1)!;
      return !seen.has(to) && seen.add(to);
    });
  }
  return undefined;
}
