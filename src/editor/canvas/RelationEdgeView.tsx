import { memo } from 'react';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, useInternalNode } from 'reactflow';
import { useDocument } from '#editor/state/document-store.ts';
import { relationVerdict } from '#editor/state/findings.ts';
import { useInterface } from '#editor/state/interface-store.ts';
import { useCurrentPicture } from '#editor/state/pictures-store.ts';
import { edgeCurve } from './edge-geometry.ts';
import { boxOfNode, type ObjectNode, type RelationEdge } from './flow-elements.ts';
import { RelationToolbar } from './RelationToolbar.tsx';
import { Verdict } from './Verdict.tsx';

/** One relation: a curve from subject to object, its arrow at the object, its predicate in the middle. */
export const RelationEdgeView = memo(function RelationEdgeView(props: EdgeProps<RelationEdge>) {
  const { id, source, target, data, selected, markerEnd } = props;
  const subject = useInternalNode<ObjectNode>(source);
  const object = useInternalNode<ObjectNode>(target);
  const picture = useCurrentPicture();
  const isLit = useInterface((state) => state.lit?.type === 'relation' && state.lit.id === id);
  const { light, pick } = useInterface.getState();
  if (!subject || !object || !data) return null;
  const { relation, route } = data;
  const { path, label } = edgeCurve(boxOfNode(subject), boxOfNode(object), route);
  const verdict = relationVerdict(picture, relation, subject.data.object, object.data.object);
  const name = `${subject.data.object.label} ${relation.predicate} ${object.data.object.label}`;
  return (
    <>
      <BaseEdge
        path={path}
        markerEnd={markerEnd}
        interactionWidth={22}
        style={isLit || selected ? { stroke: 'var(--accent)', strokeWidth: 2.4 } : undefined}
      />
      <EdgeLabelRenderer>
        <div
          className="relation nodrag nopan"
          style={{
            transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)`,
            zIndex: selected ? 1001 : isLit ? 5 : 1,
          }}
        >
          <button
            type="button"
            className="relation-label"
            aria-label={`Relation ${name}`}
            aria-pressed={selected ?? false}
            data-relation={id}
            onClick={(event) => {
              const { selection, select } = useDocument.getState();
              const others = selection.relations.filter((other) => other !== id);
              if (event.shiftKey) select({ ...selection, relations: selected ? others : [...others, id] });
              else select({ relations: [id] });
            }}
            onDoubleClick={(event) => pick({ type: 'predicate', at: { x: event.clientX, y: event.clientY }, id })}
            onPointerEnter={() => light({ type: 'relation', id })}
            onPointerLeave={() => light(null)}
            onFocus={() => light({ type: 'relation', id })}
            onBlur={() => light(null)}
          >
            {relation.predicate}
            {verdict && <Verdict verdict={verdict} />}
          </button>
        </div>
        {selected && <RelationToolbar relation={relation} name={name} />}
      </EdgeLabelRenderer>
    </>
  );
});
