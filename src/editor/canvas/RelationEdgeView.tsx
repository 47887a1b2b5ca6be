import { TriangleAlert } from 'lucide-react';
import { createContext, memo, useContext } from 'react';
import { createPortal } from 'react-dom';
import { BaseEdge, type EdgeProps } from 'reactflow';
import { useDocument } from '#editor/document/document-store.ts';
import { edgeCurve } from '#editor/geometry/edge-geometry.ts';
import type { RelationEdge } from '#editor/geometry/flow-elements.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { relationVerdict, usePictureOfCanvas } from '#editor/painting/findings.ts';
import { useIsContradicted } from '#editor/painting/warnings.ts';
import { lightOff, lightUp, useIsLit } from './lighting.ts';
import { Mark } from './Mark.tsx';
import { useIsFaded } from './neighbourhood.ts';
import { RelationToolbar } from './RelationToolbar.tsx';
import { Verdict } from './Verdict.tsx';

/** The layer of React Flow's viewport that labels lie in; its own way there looks it up at every change of the canvas. */
export const LabelLayer = createContext<Element | null>(null);

const FADED = { opacity: 0.2 } as const;

/** One relation: a curve from subject to object, its arrow at the object, its predicate in the middle. */
export const RelationEdgeView = memo(function RelationEdgeView(props: EdgeProps<RelationEdge>) {
  const { id, sourceX, sourceY, targetX, targetY, data, selected, markerEnd } = props;
  const layer = useContext(LabelLayer);
  const picture = usePictureOfCanvas();
  const isLit = useIsLit('relation', id);
  const isFaded = useIsFaded('relation', id);
  const isContradicted = useIsContradicted(id);
  const { pick } = useInterface.getState();
  if (!data || !layer) return null;
  const { relation, route, subject, object, subjectSize, objectSize } = data;
  // Anchors are as large as their node, and an edge takes hold of them at the middle of their upper side.
  const source = { x: sourceX - subjectSize.width / 2, y: sourceY, ...subjectSize };
  const target = { x: targetX - objectSize.width / 2, y: targetY, ...objectSize };
  const { path, label } = edgeCurve(source, target, route);
  const verdict = relationVerdict(picture, relation, subject, object);
  const name = `${subject.label} ${relation.predicate} ${object.label}`;
  return (
    <>
      <BaseEdge
        path={path}
        markerEnd={markerEnd}
        interactionWidth={22}
        style={isLit || selected ? { stroke: 'var(--accent)', strokeWidth: 2.4 } : isFaded ? FADED : undefined}
      />
      {createPortal(
        <>
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
              data-faded={isFaded}
              data-contradicted={isContradicted}
              title={isContradicted ? 'Contradicts another relation' : undefined}
              data-relation={id}
              onClick={(event) => {
                const { selection, select } = useDocument.getState();
                const others = selection.relations.filter((other) => other !== id);
                if (event.shiftKey) select({ ...selection, relations: selected ? others : [...others, id] });
                else select({ relations: [id] });
              }}
              onDoubleClick={() => pick({ type: 'predicate', id })}
              onPointerEnter={() => lightUp('relation', id)}
              onPointerLeave={lightOff}
              onFocus={() => lightUp('relation', id)}
              onBlur={lightOff}
            >
              {isContradicted && <TriangleAlert size={12} role="img" aria-label="contradicts another relation" />}
              {relation.predicate}
              {verdict && verdict !== 'missing' && <Verdict verdict={verdict} />}
            </button>
            {verdict === 'missing' && <Mark verdict={verdict} target={{ type: 'relation', id }} name={name} />}
          </div>
          {selected && <RelationToolbar relation={relation} name={name} />}
        </>,
        layer,
      )}
    </>
  );
});
