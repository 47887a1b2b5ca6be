/** The canvas: the graph as nodes and edges, and the hand on it. What a gesture means for the document is in document/gestures.ts. */

import { Maximize } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  ControlButton,
  Controls,
  MiniMap,
  type NodeChange,
  ReactFlow,
  type ReactFlowInstance,
  SelectionMode,
} from 'reactflow';
import { useDocument, useGraph } from '#editor/document/document-store.ts';
import type { Size } from '#editor/geometry/element-sizes.ts';
import { type ObjectNode, type RelationEdge, toEdges, toNodes } from '#editor/geometry/flow-elements.ts';
import { nextRouting, type Routing } from '#editor/geometry/routes.ts';
import { type Point, useInterface } from '#editor/interface/interface-store.ts';
import { LazyPart } from '#editor/interface/LazyPart.tsx';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { CanvasMenu } from '#editor/menus/CanvasMenu.tsx';
import { fitCanvas, registerCanvas, ZOOM } from '#editor/viewport/canvas-handle.ts';
import { CanvasHint } from './CanvasHint.tsx';
import { flowEvents, followSelection, isLocal, wrapperEvents } from './canvas-events.ts';
import { useCoarsePointer } from './coarse-pointer.ts';
import { useConnecting } from './connecting.ts';
import { ObjectNodeView } from './ObjectNodeView.tsx';
import { ObjectToolbar } from './ObjectToolbar.tsx';
import { LabelLayer, RelationEdgeView } from './RelationEdgeView.tsx';
import { ZoomReading } from './ZoomReading.tsx';

const nodeTypes = { object: ObjectNodeView };
const edgeTypes = { relation: RelationEdgeView };
const onPicturePart = async () => (await import('#editor/on-picture/OnPicture.tsx')).OnPicture;
const leavePicture = () => useInterface.getState().putOnPicture(false);
const MIDDLE_BUTTON = [1];
const GRID: [number, number] = [16, 16];
/** Pixels that the pointer may move in a click; farther is a drag. */
const TREMOR = 3;
const PRO_OPTIONS = { hideAttribution: false };
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
  const routing = useRef<Routing>(undefined);
  const routes = useMemo(() => {
    routing.current = nextRouting(routing.current, graph, sizes);
    return routing.current.routes;
  }, [graph, sizes]);
  const previousEdges = useRef<RelationEdge[]>([]);
  const edges = useMemo(() => {
    previousEdges.current = toEdges(previousEdges.current, graph, selection, routes, sizes);
    return previousEdges.current;
  }, [graph, selection, routes, sizes]);
  const isOnPicture = useInterface((state) => state.onPicture) && graph.objects.length > 0;
  const isFinger = useCoarsePointer();
  const { isConnecting, handlers } = useConnecting();
  const [layer, setLayer] = useState<Element | null>(null);
  useEffect(() => () => registerCanvas(null), []);
  const onInit = useCallback((instance: ReactFlowInstance<ObjectNode, RelationEdge>) => {
    // Through this state and not through the instance, whose queue may put a place of the glide over the document's last one.
    const showAt = (places: ReadonlyMap<string, Point>) =>
      setNodes((previous) =>
        previous.map((node) => {
          const position = places.get(node.id);
          return position ? { ...node, position } : node;
        }),
      );
    registerCanvas({ instance, showAt });
    setLayer(document.querySelector('.canvas .react-flow__edgelabel-renderer'));
    fitCanvas(false);
  }, []);
  const onNodesChange = useCallback((changes: NodeChange<ObjectNode>[]) => {
    setNodes((previous) => applyNodeChanges(changes.filter(isLocal), previous));
    followSelection(changes, 'objects');
  }, []);

  return (
    <CanvasMenu>
      <main
        id="canvas"
        tabIndex={-1}
        className="canvas"
        aria-label="Canvas"
        data-connecting={isConnecting}
        data-on-picture={isOnPicture}
        {...wrapperEvents}
      >
        <LabelLayer value={layer}>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeTypes}
            edgeTypes={edgeTypes}
            ariaLabelConfig={spoken}
            onInit={onInit}
            onNodesChange={onNodesChange}
            {...flowEvents}
            {...handlers}
            connectionRadius={18}
            deleteKeyCode={null}
            disableKeyboardA11y
            selectNodesOnDrag={false}
            selectionMode={SelectionMode.Partial}
            selectionOnDrag={!isFinger}
            panOnDrag={isFinger || MIDDLE_BUTTON}
            panOnScroll
            panActivationKeyCode="Space"
            // Its usual key is Shift, too: a press that moved by a pixel became a frame, which dropped what was selected.
            selectionKeyCode={null}
            multiSelectionKeyCode="Shift"
            zoomOnDoubleClick={false}
            minZoom={ZOOM.least}
            maxZoom={ZOOM.most}
            snapToGrid={snap}
            snapGrid={GRID}
            nodeDragThreshold={TREMOR}
            nodeClickDistance={TREMOR}
            onlyRenderVisibleElements={nodes.length > 120}
            proOptions={PRO_OPTIONS}
          >
            <Background variant={BackgroundVariant.Dots} gap={22} size={1.6} />
            <Controls showInteractive={false} showFitView={false} position="bottom-left">
              <ControlButton aria-label="Zoom to fit" title="Zoom to fit (F)" onClick={() => fitCanvas()}>
                <Maximize aria-hidden />
              </ControlButton>
              <ZoomReading />
            </Controls>
            {minimap && <MiniMap pannable zoomable nodeColor="var(--line-strong)" nodeBorderRadius={12} />}
            <ObjectToolbar />
          </ReactFlow>
        </LabelLayer>
        {isOnPicture && <LazyPart load={onPicturePart} close={leavePicture} isDialog={false} />}
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
