import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  Controls,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  ReactFlow,
  SelectionMode,
} from 'reactflow';
import { CanvasMenu } from '#editor/menus/CanvasMenu.tsx';
import { useDocument, useGraph } from '#editor/state/document-store.ts';
import { move } from '#editor/state/gestures.ts';
import { useInterface } from '#editor/state/interface-store.ts';
import { usePreferences } from '#editor/state/preferences-store.ts';
import { CanvasHint } from './CanvasHint.tsx';
import { useCanvasEvents } from './canvas-events.ts';
import { fitCanvas, registerCanvas } from './canvas-handle.ts';
import { useConnecting } from './connecting.ts';
import type { Size } from './element-sizes.ts';
import { type ObjectNode, type RelationEdge, toEdges, toNodes } from './flow-elements.ts';
import { ObjectNodeView } from './ObjectNodeView.tsx';
import { ObjectToolbar } from './ObjectToolbar.tsx';
import { RelationEdgeView } from './RelationEdgeView.tsx';
import { routesOf } from './routes.ts';

const nodeTypes = { object: ObjectNodeView };
const edgeTypes = { relation: RelationEdgeView };
const spoken = {
  'node.a11yDescription.default':
    'Space selects, Enter relabels, arrow keys move the selection, R relates it, Delete removes it.',
  'node.a11yDescription.keyboardDisabled':
    'Space selects, Enter relabels, arrow keys move the selection, R relates it, Delete removes it.',
} as const;

/** The drawing board: React Flow shows what the document holds, and hands every gesture to the document. */
export function Canvas() {
  const graph = useGraph();
  const selection = useDocument((state) => state.selection);
  const minimap = usePreferences((state) => state.minimap);
  const snap = usePreferences((state) => state.snap);
  const [nodes, setNodes] = useState<ObjectNode[]>(() => toNodes([], graph, selection));
  useLayoutEffect(() => setNodes((previous) => toNodes(previous, graph, selection)), [graph, selection]);
  const sizes = useSizes(nodes);
  const routes = useMemo(() => routesOf(graph, sizes), [graph, sizes]);
  const previousEdges = useRef<RelationEdge[]>([]);
  const edges = useMemo(() => {
    previousEdges.current = toEdges(previousEdges.current, graph, selection, routes);
    return previousEdges.current;
  }, [graph, selection, routes]);
  const connecting = useConnecting();
  const events = useCanvasEvents();
  const light = useInterface((state) => state.light);
  useEffect(() => () => registerCanvas(null), []);

  return (
    <CanvasMenu>
      <main id="canvas" tabIndex={-1} className="canvas" aria-label="Canvas" {...events.wrapper}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          ariaLabelConfig={spoken}
          onInit={(instance) => {
            registerCanvas(instance);
            fitCanvas(false);
          }}
          onNodesChange={(changes) => {
            setNodes((previous) => applyNodeChanges(changes.filter(isLocal), previous));
            followSelection(changes, 'objects');
          }}
          onEdgesChange={(changes) => followSelection(changes, 'relations')}
          onNodeDragStop={(_, __, moved) => move(places(moved))}
          onSelectionDragStop={(_, moved) => move(places(moved))}
          onNodeDoubleClick={events.onNodeDoubleClick}
          onEdgeDoubleClick={events.onEdgeDoubleClick}
          onEdgeMouseEnter={(_, edge) => light({ type: 'relation', id: edge.id })}
          onEdgeMouseLeave={() => light(null)}
          {...connecting}
          connectionRadius={18}
          deleteKeyCode={null}
          disableKeyboardA11y
          selectNodesOnDrag={false}
          selectionMode={SelectionMode.Partial}
          selectionOnDrag
          panOnDrag={[1]}
          panOnScroll
          panActivationKeyCode="Space"
          multiSelectionKeyCode="Shift"
          zoomOnDoubleClick={false}
          minZoom={0.15}
          maxZoom={2.5}
          snapToGrid={snap}
          snapGrid={[16, 16]}
          nodeDragThreshold={3}
          onlyRenderVisibleElements={nodes.length > 120}
          proOptions={{ hideAttribution: false }}
        >
          <Background variant={BackgroundVariant.Dots} gap={22} size={1.6} />
          <Controls showInteractive={false} position="bottom-left" fitViewOptions={{ padding: 0.22, maxZoom: 1.25 }} />
          {minimap && <MiniMap pannable zoomable nodeColor="var(--line-strong)" nodeBorderRadius={12} />}
          <ObjectToolbar />
        </ReactFlow>
        {graph.objects.length === 0 && <CanvasHint />}
      </main>
    </CanvasMenu>
  );
}

/** Sizes of the nodes that were measured; the same map until one of them changes. */
function useSizes(nodes: readonly ObjectNode[]): ReadonlyMap<string, Size> {
  const kept = useRef<ReadonlyMap<string, Size>>(new Map());
  const next = new Map<string, Size>();
  for (const { id, measured } of nodes) {
    if (measured?.width !== undefined && measured.height !== undefined) {
      next.set(id, { width: measured.width, height: measured.height });
    }
  }
  const isSame =
    next.size === kept.current.size &&
    [...next].every(([id, { width, height }]) => {
      const old = kept.current.get(id);
      return old?.width === width && old.height === height;
    });
  if (!isSame) kept.current = next;
  return kept.current;
}

/** Sizes, and positions under the hand or in a glide, belong to the canvas; what is selected belongs to the document store. */
function isLocal(change: NodeChange<ObjectNode>): boolean {
  return change.type === 'position' || change.type === 'dimensions' || change.type === 'replace';
}

function followSelection(
  changes: readonly (NodeChange<ObjectNode> | EdgeChange<RelationEdge>)[],
  kind: 'objects' | 'relations',
): void {
  const picked = changes.filter((change) => change.type === 'select');
  if (picked.length === 0) return;
  const { selection, select } = useDocument.getState();
  const removed = new Set(picked.filter((change) => !change.selected).map((change) => change.id));
  const kept = selection[kind].filter((id) => !removed.has(id));
  const added = picked.filter((change) => change.selected && !kept.includes(change.id)).map((change) => change.id);
  select({ ...selection, [kind]: [...kept, ...added] });
}

function places(nodes: readonly ObjectNode[]): Map<string, { x: number; y: number }> {
  return new Map(nodes.map((node) => [node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) }]));
}
