import { ArrowLeftRight, ChevronDown, Contrast, Dices, Grid2x2, Trash2 } from 'lucide-react';
import { Toolbar } from 'radix-ui';
import { oppositeOf, planSweep, surpriseRelation } from '#editor/actions/relation-actions.ts';
import { useDocument } from '#editor/document/document-store.ts';
import { perturb } from '#editor/document/gestures.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { useManifest } from '#editor/painting/engine-store.ts';
import type { Relation } from '#graph/scene-graph.ts';
import { FloatPlace } from './FloatPlace.tsx';

/** What an edge in hand offers. */
export function RelationToolbar({ relation, name }: { relation: Relation; name: string }) {
  const manifest = useManifest();
  const isAlone = useDocument(({ selection }) => selection.relations.length + selection.objects.length === 1);
  if (!isAlone) return null;
  const opposite = oppositeOf(relation, manifest);
  const { id } = relation;
  return (
    <FloatPlace id={id} kind="relation">
      <Toolbar.Root className="float-toolbar" aria-label={`Relation ${name}`}>
        <Toolbar.Button
          className="button"
          aria-label="Change predicate"
          onClick={() => useInterface.getState().pick({ type: 'predicate', id })}
        >
          {relation.predicate}
          <ChevronDown size={13} aria-hidden />
        </Toolbar.Button>
        <Toolbar.Button
          className="button button-icon"
          aria-label="Opposite"
          title={opposite ? `Opposite: ${opposite}` : 'This predicate has no opposite here'}
          disabled={opposite === undefined}
          onClick={() => opposite && perturb(id, { kind: 'opposite', predicate: opposite })}
        >
          <Contrast size={15} aria-hidden />
        </Toolbar.Button>
        <Toolbar.Button
          className="button button-icon"
          aria-label="Swap subject and object"
          title="Swap subject and object"
          onClick={() => perturb(id, { kind: 'swap' })}
        >
          <ArrowLeftRight size={15} aria-hidden />
        </Toolbar.Button>
        <Toolbar.Button
          className="button button-icon"
          aria-label="Surprise me"
          title="Surprise me"
          onClick={() => surpriseRelation(relation)}
        >
          <Dices size={15} aria-hidden />
        </Toolbar.Button>
        <Toolbar.Button
          className="button button-icon"
          aria-label="Sweep predicates"
          title="Sweep predicates"
          disabled={manifest === null}
          onClick={() => planSweep(relation)}
        >
          <Grid2x2 size={15} aria-hidden />
        </Toolbar.Button>
        <Toolbar.Button
          className="button button-icon"
          aria-label="Remove relation"
          title="Remove relation"
          onClick={() => perturb(id, { kind: 'remove' })}
        >
          <Trash2 size={15} aria-hidden />
        </Toolbar.Button>
      </Toolbar.Root>
    </FloatPlace>
  );
}
