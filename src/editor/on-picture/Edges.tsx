import { lightOff, lightUp } from '#editor/canvas/lighting.ts';
import { Mark } from '#editor/canvas/Mark.tsx';
import { useIsFaded } from '#editor/canvas/neighbourhood.ts';
import { Verdict } from '#editor/canvas/Verdict.tsx';
import { type Box, edgeCurve, type Route } from '#editor/geometry/edge-geometry.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import type { Verdict as VerdictName } from '#engine/contract/protocol.ts';
import type { Relation } from '#graph/scene-graph.ts';

export interface DrawnEdge {
  readonly relation: Relation;
  /** "sheep left of tree" */
  readonly sentence: string;
  readonly source: Box;
  readonly target: Box;
  readonly route: Route;
  readonly verdict: VerdictName | undefined;
  /** What the hand is about to make of it. */
  readonly turnedTo: string | undefined;
}

/** The relations between the chips, each with its predicate in the middle: a press asks for another one. */
export function Edges({ edges }: { readonly edges: readonly DrawnEdge[] }) {
  const curves = edges.map((edge) => ({ edge, ...edgeCurve(edge.source, edge.target, edge.route) }));
  return (
    <>
      <svg className="picture-edges" aria-hidden="true">
        <defs>
          <marker
            id="picture-arrow"
            viewBox="0 0 10 10"
            refX="7"
            refY="5"
            markerWidth="6"
            markerHeight="6"
            orient="auto"
          >
            <path d="M0 0.8 9 5 0 9.2z" />
          </marker>
        </defs>
        {curves.map(({ edge, path }) => (
          <Curve key={edge.relation.id} edge={edge} path={path} />
        ))}
      </svg>
      {curves.map(({ edge, label }) => (
        <div
          key={edge.relation.id}
          className="picture-relation"
          style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
        >
          <EdgeLabel edge={edge} />
          {edge.verdict === 'missing' && edge.turnedTo === undefined && (
            <Mark verdict="missing" target={{ type: 'relation', id: edge.relation.id }} name={edge.sentence} />
          )}
        </div>
      ))}
    </>
  );
}

function Curve({ edge: { relation, turnedTo }, path }: { readonly edge: DrawnEdge; readonly path: string }) {
  const isFaded = useIsFaded('relation', relation.id);
  return (
    <g className="picture-edge" data-turned={turnedTo !== undefined} data-faded={isFaded}>
      <path className="picture-edge-halo" d={path} />
      <path className="picture-edge-line" d={path} markerEnd="url(#picture-arrow)" />
    </g>
  );
}

function EdgeLabel({ edge: { relation, sentence, verdict, turnedTo } }: { readonly edge: DrawnEdge }) {
  const isFaded = useIsFaded('relation', relation.id);
  const { id, predicate } = relation;
  return (
    <button
      type="button"
      className="relation-label"
      aria-label={`Relation ${sentence}`}
      data-relation={id}
      data-faded={isFaded}
      data-turned={turnedTo !== undefined}
      onClick={() => useInterface.getState().pick({ type: 'predicate', id })}
      onPointerEnter={() => lightUp('relation', id)}
      onPointerLeave={lightOff}
      onFocus={() => lightUp('relation', id)}
      onBlur={lightOff}
    >
      {turnedTo === undefined ? (
        predicate
      ) : (
        <span>
          <s>{predicate}</s> → {turnedTo}
        </span>
      )}
      {turnedTo === undefined && verdict && verdict !== 'missing' && <Verdict verdict={verdict} />}
    </button>
  );
}
