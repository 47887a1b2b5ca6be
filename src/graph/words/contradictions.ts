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
    const steps = fromCircles(relations.flatMap((relation) => stepsOf(relation, axis)));
    const onward = byStart(steps);
    const told = new Set<string>();
    for (const step of steps) {
      if (told.has(step.relation.id)) continue;
      const back = wayBack(step, onward);
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

/** Without what nothing leads to, again and again: where there is no circle, nothing is left. */
function fromCircles(steps: readonly Step[]): readonly Step[] {
  const arriving = new Map<string, number>();
  for (const { to } of steps) arriving.set(to, (arriving.get(to) ?? 0) + 1);
  const onward = byStart(steps);
  const loose = new Set([...onward.keys()].filter((id) => !arriving.has(id)));
  for (const id of loose) {
    for (const { to } of onward.get(id) ?? []) {
      const others = arriving.get(to)! - 1;
      arriving.set(to, others);
      if (others === 0) loose.add(to);
    }
  }
  return steps.filter(({ from }) => !loose.has(from));
}

function byStart(steps: readonly Step[]): ReadonlyMap<string, readonly Step[]> {
  const onward = new Map<string, Step[]>();
  for (const step of steps) {
    const same = onward.get(step.from) ?? [];
    onward.set(step.from, same);
    same.push(step);
  }
  return onward;
}

/** The shortest way from where a step ends to where it began, each object visited once; undefined when there is none. */
function wayBack({ from: goal, to: start }: Step, onward: ReadonlyMap<string, readonly Step[]>): Step[] | undefined {
  const cameBy = new Map<string, Step>();
  const open = [start];
  for (const at of open) {
    for (const step of onward.get(at) ?? []) {
      if (step.to === start || cameBy.has(step.to)) continue;
      cameBy.set(step.to, step);
      if (step.to === goal) return wayTo(goal, start, cameBy);
      open.push(step.to);
    }
  }
  return undefined;
}

function wayTo(goal: string, start: string, cameBy: ReadonlyMap<string, Step>): Step[] {
  const way: Step[] = [];
  for (let at = goal; at !== start; ) {
    const step = cameBy.get(at)!;
    way.unshift(step);
    at = step.from;
  }
  return way;
}
