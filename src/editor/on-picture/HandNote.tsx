import type { TurnedRelation } from '#graph/places/turned-relations.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { namesOf } from '#graph/words/describe.ts';

interface HandNoteProps {
  readonly graph: SceneGraph;
  readonly turned: readonly TurnedRelation[];
  readonly isHeld: boolean;
}

/** What letting go would change: "tree: left of → right of sheep". */
export function HandNote({ graph, turned, isHeld }: HandNoteProps) {
  const names = namesOf(graph);
  return (
    <p className="hand-note" role="status" aria-label="What letting go changes" data-held={isHeld}>
      {isHeld && turned.length === 0 && <span>No relation changes here.</span>}
      {!isHeld && (
        <span>Drag a thing to where it should be: its relations follow, and the picture is painted anew.</span>
      )}
      {turned.map(({ relation: { id, subject, predicate: from, object }, predicate }) => (
        <span key={id} className="hand-change">
          {names.get(subject)}: {from} → <b>{predicate}</b> {names.get(object)}
        </span>
      ))}
    </p>
  );
}
