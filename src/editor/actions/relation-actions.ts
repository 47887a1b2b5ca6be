import { ArrowLeftRight, Contrast, Dices, Grid2x2, Spline } from 'lucide-react';
import { currentDocument, currentGraph, useDocument } from '#editor/document/document-store.ts';
import { perturb } from '#editor/document/gestures.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { planContactSheet } from '#editor/painting/contact-sheet.ts';
import { currentManifest } from '#editor/painting/engine-store.ts';
import { drawSeed, settingsToPaint } from '#editor/painting/settings-store.ts';
import { canvasCentre, toScreen } from '#editor/viewport/canvas-handle.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import { findRelation } from '#graph/edits.ts';
import { oppositePredicate, surprise, sweep } from '#graph/perturb.ts';
import { seededRandom } from '#graph/random.ts';
import type { Relation } from '#graph/scene-graph.ts';
import { namesOf } from '#graph/words/describe.ts';
import { type PredicateKind, predicateKind, predicateKinds } from '#graph/words/predicate-kinds.ts';
import type { Action } from './action.ts';
import { focusedObject, focusedRelation } from './focused.ts';

/** The predicates to choose among: the model's, or without one those that the graph itself uses. */
function predicatesOf(manifest: ModelFacts | null): readonly string[] {
  return manifest?.vocabulary.predicates ?? [...new Set(currentGraph().relations.map(({ predicate }) => predicate))];
}

export function oppositeOf(relation: Relation, manifest: ModelFacts | null): string | undefined {
  return oppositePredicate(relation.predicate, predicatesOf(manifest));
}

export function surpriseRelation(relation: Relation): void {
  perturb(relation.id, surprise(relation, predicatesOf(currentManifest()), seededRandom(drawSeed())));
}

function relationInHand(): Relation | null {
  const { relations } = useDocument.getState().selection;
  const id = focusedRelation() ?? (relations.length === 1 ? relations[0] : null);
  return id ? findRelation(currentGraph(), id) : null;
}

function connect(): void {
  const { objects } = useDocument.getState().selection;
  const [subject, object] = objects;
  const { pick, show } = useInterface.getState();
  if (objects.length === 2 && subject !== undefined && object !== undefined) {
    const places = currentGraph().objects.filter(({ id }) => id === subject || id === object);
    const x = places.reduce((sum, { position }) => sum + position.x / 2, 0);
    const y = places.reduce((sum, { position }) => sum + position.y / 2, 0);
    pick({ type: 'relation', subject, object, at: places.length === 2 ? toScreen({ x, y }) : canvasCentre().at });
    return;
  }
  const first = subject ?? focusedObject();
  show(first === null ? { type: 'add-relation' } : { type: 'add-relation', subject: first });
}

/** Anything on the graph at random: "perturb one edge". */
function perturbAny(): void {
  const { relations } = currentGraph();
  const relation = relations[drawSeed() % relations.length];
  if (!relation) return;
  useDocument.getState().select({ relations: [relation.id] });
  surpriseRelation(relation);
}

/** One edge over the predicates of the model with one seed: which kind of them is asked first. */
export function planSweep(relation: Relation): void {
  const [graph, document] = [currentGraph(), currentDocument()];
  const settings = settingsToPaint();
  if (!settings) return;
  const names = namesOf(graph);
  const [subject, object] = [names.get(relation.subject), names.get(relation.object)];
  const all = sweep(graph, relation.id, predicatesOf(currentManifest())).map(({ predicate, graph: swept }) => ({
    predicate,
    entry: { caption: `${subject} ${predicate} ${object}`, graph: swept, document, settings },
  }));
  const of = (kind: PredicateKind) => all.filter(({ predicate }) => predicateKind(predicate) === kind);
  const choices = [
    ...predicateKinds.map((kind) => ({ label: kindTitles[kind], some: of(kind) })),
    { label: 'All', some: all },
  ];
  planContactSheet({
    title: `${subject} … ${object}`,
    choices: choices
      .filter(({ some }) => some.length > 0)
      .map(({ label, some }) => ({ label, entries: some.map(({ entry }) => entry) })),
  });
}

const kindTitles: Readonly<Record<PredicateKind, string>> = {
  geometric: 'Where it is',
  contact: 'Touching',
  action: 'Doing',
};

export const relationActions: readonly Action[] = [
  {
    id: 'add-relation',
    label: 'Add relation…',
    keywords: ['connect', 'relate'],
    group: 'relation',
    icon: Spline,
    shortcuts: ['R'],
    enabled: () => currentGraph().objects.length >= 2,
    run: connect,
  },
  {
    id: 'opposite',
    label: 'Turn relation to its opposite',
    keywords: ['flip', 'invert'],
    group: 'relation',
    icon: Contrast,
    shortcuts: ['O'],
    enabled: () => {
      const relation = relationInHand();
      return relation !== null && oppositeOf(relation, currentManifest()) !== undefined;
    },
    run: () => {
      const relation = relationInHand();
      const predicate = relation && oppositeOf(relation, currentManifest());
      if (relation && predicate) perturb(relation.id, { kind: 'opposite', predicate });
    },
  },
  {
    id: 'swap',
    label: 'Swap subject and object',
    group: 'relation',
    icon: ArrowLeftRight,
    shortcuts: ['S'],
    enabled: () => relationInHand() !== null,
    run: () => {
      const relation = relationInHand();
      if (relation) perturb(relation.id, { kind: 'swap' });
    },
  },
  {
    id: 'surprise',
    label: 'Surprise me with this relation',
    group: 'relation',
    icon: Dices,
    enabled: () => relationInHand() !== null,
    run: () => {
      const relation = relationInHand();
      if (relation) surpriseRelation(relation);
    },
  },
  {
    id: 'sweep',
    label: 'Sweep relation over predicates…',
    keywords: ['all predicates', 'every predicate'],
    group: 'relation',
    icon: Grid2x2,
    enabled: () => relationInHand() !== null && currentManifest() !== null,
    run: () => {
      const relation = relationInHand();
      if (relation) planSweep(relation);
    },
  },
  {
    id: 'perturb-any',
    label: 'Perturb a relation at random',
    group: 'relation',
    icon: Dices,
    enabled: () => currentGraph().relations.length > 0,
    run: perturbAny,
  },
];
