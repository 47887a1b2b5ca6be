/** Real pictures of graphs of which one edge was turned round: what a perfect painter's second picture would be. */
import type { Picture } from '#diffusion/picture.ts';
import { seededRandom } from '#graph/random.ts';
import type { Relation, SceneGraph } from '#graph/scene-graph.ts';
import { type ComposeOptions, composeTurned } from '#training/corpus/compose/compose.ts';
import { type TurnPredicate, turns } from '#training/corpus/compose/turned.ts';
import { sceneSeed } from '#training/corpus/world/random.ts';
import { isThing, type Scene } from '#training/corpus/world/scene.ts';
import { relationKindOf } from '#training/corpus/world/world.ts';
import type { TestGraph } from './evaluation-plan.ts';
import type { PerturbedPair } from './perturbation-study.ts';
import { isCalled } from './scene-match.ts';
import { FIRST_TWIN, isTwin, pictureOf, type TwinOptions } from './twins.ts';

interface TurnOptions extends Pick<ComposeOptions, 'things'>, Pick<TwinOptions, 'words' | 'size'> {}

/** Turns that are tried for a graph: of 55 pairs 28 have a picture at 16, 30 at 64, 31 at 256. */
const TURNS = 64;

/** The same pairs; those of kind `opposite` with a real picture of their second graph, where one was found. */
export function withTurnedTwins(
  pairs: readonly PerturbedPair[],
  graphs: readonly TestGraph[],
  options: TurnOptions,
): readonly PerturbedPair[] {
  return pairs.map((pair) => {
    const { scene, index } = graphs[pair.graphIndex]!;
    if (pair.kind !== 'opposite' || scene === undefined || index === undefined) return pair;
    const relation = pair.after.relations.find(({ id }) => id === pair.relationId)!;
    const real = turnedTwinOf(pair.after, relation, { ...options, scene, index });
    return real === undefined ? pair : { ...pair, real };
  });
}

/**
 * A picture that a changed graph is true of: the graph's own scene, number `index` of the test split, of which the two ends of the changed
 * relation were turned round. Styles, colours and all other things stay, and whatever else the graph says still holds.
 * @returns undefined when none was found, as for a graph that contradicts itself once the edge is turned, and for predicates that nothing turns to
 * (on, under)
 */
function turnedTwinOf(
  graph: SceneGraph,
  { subject, predicate, object }: Relation,
  { scene, index, things, words, size }: TurnOptions & { readonly scene: Scene; readonly index: number },
): Picture | undefined {
  const asked = relationKindOf(predicate) as TurnPredicate | undefined;
  const placesOf = (end: string): readonly number[] => {
    const { label } = graph.objects.find(({ id }) => id === end)!;
    return scene.objects.flatMap((drawn, i) => (isThing(drawn) && isCalled(drawn.label, label) ? [i] : []));
  };
  // A person may be either of two women.
  const pairs = placesOf(subject).flatMap((from) =>
    placesOf(object).flatMap((to) => (from === to ? [] : [{ subject: from, object: to }])),
  );
  if (asked === undefined || !turns.includes(asked) || pairs.length === 0) return undefined;
  const count = scene.objects.filter(isThing).length;
  for (let attempt = 0; attempt < TURNS; attempt++) {
    const turned = composeTurned(
      seededRandom(sceneSeed('test', index)),
      { things, words },
      { ...pairs[attempt % pairs.length]!, predicate: asked },
      seededRandom(sceneSeed('test', FIRST_TWIN + attempt)),
    );
    if (turned && isTwin(graph, count, turned)) return pictureOf(turned, size);
  }
  return undefined;
}
