import { Sheet } from '#editor/dialogs/Sheet.tsx';
import { moveOverTiles } from '#editor/dialogs/tile-keys.ts';
import { openNamedGraph } from '#editor/files/open.ts';
import { counted } from '#editor/interface/counted.ts';
import { type NamedGraph, useInterface } from '#editor/interface/interface-store.ts';
import { useManifest } from '#editor/painting/engine-store.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { checkGraph } from '#graph/words/check.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { GraphSearchField, MoreGraphs } from './GraphSearchField.tsx';
import { GraphThumbnail } from './GraphThumbnail.tsx';
import { useGraphSearch } from './use-graph-search.ts';

interface ChooseGraphProps {
  readonly source: string;
  readonly graphs: readonly NamedGraph[];
  readonly warnings: readonly string[];
  readonly leftOut: number;
}

/** Files may hold many graphs: one of them is opened. */
export function ChooseGraph({ source, graphs, warnings, leftOut }: ChooseGraphProps) {
  const show = useInterface((state) => state.show);
  const manifest = useManifest();
  const search = useGraphSearch(graphs);
  const { found } = search;
  const choose = (graph: NamedGraph | undefined) => {
    if (!graph) return;
    show(null);
    openNamedGraph(graph);
  };
  return (
    <Sheet title={`${graphs.length} graphs in ${source}`} lead="Which one should be opened?" isWide>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only passes the arrow keys on to the buttons inside */}
      <div onKeyDown={moveOverTiles}>
        <GraphSearchField label="Search objects and relations" search={search} onTake={choose} />
        <p role="status" className="chooser-count">
          {found.length === graphs.length ? `${graphs.length} graphs` : `${found.length} of ${graphs.length} graphs`}
        </p>
        {leftOut > 0 && (
          <details className="chooser-left-out">
            <summary>{leftOut === 1 ? '1 thing was left out' : `${leftOut} things were left out`}</summary>
            <ul>
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </details>
        )}
        <div className="choice-list">
          {search.drawn.map((each, i) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: files may share a name, and the list is only cut, never reordered
              key={`${each.name} ${i}`}
              type="button"
              className="choice choice-graph"
              data-tile
              onClick={() => choose(each)}
            >
              <GraphThumbnail graph={each.graph} />
              <span>
                {each.name}
                <small>{inWords(each.graph).slice(0, 220) || 'empty'}</small>
                <small>{sizeOf(each.graph, manifest)}</small>
              </span>
            </button>
          ))}
        </div>
        <MoreGraphs search={search} />
      </div>
    </Sheet>
  );
}

/** "4 objects, 3 relations; fits this model", or what stands against it. */
function sizeOf(graph: SceneGraph, manifest: ModelFacts | null): string {
  const size = `${counted(graph.objects.length, 'object')}, ${counted(graph.relations.length, 'relation')}`;
  if (!manifest || manifest.kind === 'stable-diffusion') return size;
  const faults = checkGraph(graph, manifest.vocabulary, manifest.limits).filter(({ severity }) => severity === 'error');
  const large = faults.find(({ code }) => code === 'too-many-objects' || code === 'too-many-relations');
  if (large) return `${size}; too large for this model`;
  return faults.length === 0 ? `${size}; fits this model` : `${size}; ${counted(faults.length, 'word')} to change`;
}
