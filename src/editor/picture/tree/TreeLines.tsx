import type { PlacedNode } from '#editor/history/tree.ts';
import { linePath } from './tree-layout.ts';

interface TreeLinesProps {
  readonly places: readonly PlacedNode[];
  readonly onBranch: ReadonlySet<string>;
}

/** From each picture to those that were made from it; the branch that is shown stands out. */
export function TreeLines({ places, onBranch }: TreeLinesProps) {
  const byNode = new Map(places.map((place) => [place.node, place]));
  const lines = places.flatMap((to) => {
    const from = to.parent && byNode.get(to.parent);
    return from ? [{ key: to.node.key, path: linePath(from, to), isOn: isOn(to, onBranch) }] : [];
  });
  // The later lie over the earlier.
  const ordered = [...lines.filter(({ isOn }) => !isOn), ...lines.filter(({ isOn }) => isOn)];
  return (
    <svg className="tree-lines" aria-hidden="true">
      {ordered.map(({ key, path, isOn }) => (
        <path key={key} d={path} data-on={isOn} />
      ))}
    </svg>
  );
}

const isOn = ({ node }: PlacedNode, onBranch: ReadonlySet<string>): boolean =>
  node.records.some(({ id }) => onBranch.has(id));
