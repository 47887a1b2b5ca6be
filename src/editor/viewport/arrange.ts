import { currentGraph } from '#editor/document/document-store.ts';
import { loadPart } from '#editor/interface/load-part.ts';
import { canvasInstance, fitCanvas } from './canvas-handle.ts';
import { glide } from './glide.ts';

/** Lays the graph out in layers with dagre (loaded when first asked for): one undoable step. */
export async function arrangeCanvas(): Promise<void> {
  const dagre = await loadPart(() => import('@dagrejs/dagre'));
  const graph = currentGraph();
  const layout = new dagre.Graph({ multigraph: true });
  layout.setGraph({ rankdir: 'TB', nodesep: 56, ranksep: 84, edgesep: 28 });
  layout.setDefaultEdgeLabel(() => ({}));
  for (const { id } of graph.objects) {
    const measured = canvasInstance()?.getNode(id)?.measured;
    layout.setNode(id, { width: measured?.width ?? 110, height: measured?.height ?? 42 });
  }
  for (const { id, subject, object, predicate } of graph.relations) {
    // Room for the predicate's label on the edge.
    layout.setEdge(subject, object, { width: predicate.length * 7 + 20, height: 22, labelpos: 'c' }, id);
  }
  dagre.layout(layout);
  const places = graph.objects.map(({ id }): [string, { x: number; y: number }] => {
    const { x, y, width, height } = layout.node(id);
    return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
  });
  await glide('Arrange', new Map(places));
  requestAnimationFrame(() => fitCanvas());
}
