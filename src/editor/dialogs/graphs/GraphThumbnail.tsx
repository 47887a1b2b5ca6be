import type { SceneGraph } from '#graph/scene-graph.ts';

/** Of a node, in the canvas's units. */
const NODE = { width: 120, height: 44 };
/** More than this cannot be told apart at this size. */
const MOST = 40;

/** A graph as small as a stamp: boxes with their labels, and lines. The list beside it says it in words. */
export function GraphThumbnail({ graph }: { graph: SceneGraph }) {
  const objects = graph.objects.slice(0, MOST);
  const xs = objects.map(({ position }) => position.x);
  const ys = objects.map(({ position }) => position.y);
  const [left, top] = [Math.min(...xs, 0), Math.min(...ys, 0)];
  const [width, height] = [Math.max(...xs, 0) - left + NODE.width, Math.max(...ys, 0) - top + NODE.height];
  const middles = new Map(
    objects.map(({ id, position }) => [id, { x: position.x + NODE.width / 2, y: position.y + NODE.height / 2 }]),
  );
  return (
    <svg
      className="graph-thumbnail"
      viewBox={`${left - 20} ${top - 20} ${width + 40} ${height + 40}`}
      aria-hidden="true"
    >
      {graph.relations.map(({ id, subject, object }) => {
        const [from, to] = [middles.get(subject), middles.get(object)];
        return from && to && <line key={id} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />;
      })}
      {objects.map(({ id, label, position }) => (
        <g key={id}>
          <rect x={position.x} y={position.y} width={NODE.width} height={NODE.height} rx={12} />
          <text x={position.x + NODE.width / 2} y={position.y + NODE.height / 2 + 8}>
            {label.slice(0, 10)}
          </text>
        </g>
      ))}
    </svg>
  );
}
