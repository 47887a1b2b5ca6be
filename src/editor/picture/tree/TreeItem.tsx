import { Layers, Star } from 'lucide-react';
import { type PictureRecord, titleOf } from '#editor/history/picture-record.ts';
import { stepBetween } from '#editor/history/step-words.ts';
import type { HistoryNode, PlacedNode } from '#editor/history/tree.ts';
import { PictureCanvas } from '#editor/picture/PictureCanvas.tsx';
import { describe as inWords } from '#graph/words/describe.ts';
import { leftOf, topOf } from './tree-layout.ts';

interface TreeItemProps {
  readonly place: PlacedNode;
  readonly isCurrent: boolean;
  /** Of a pile. */
  readonly isOpen: boolean | undefined;
  /** The picture that stands for it. */
  readonly top: PictureRecord;
  readonly onAct: () => void;
  readonly onDragOver: () => void;
}

/** A picture or a pile, and what changed on the way to it. */
export function TreeItem({ place, isCurrent, isOpen, top, onAct, onDragOver }: TreeItemProps) {
  const { node, column, position, size } = place;
  const { labels, sentences } = wordsOf(node);
  const [title, count] = [titleOfNode(node), node.records.length];
  const told = column === 0 ? [inWords(top.graph)] : labels;
  return (
    <>
      {column > 0 && (
        <span
          className="tree-words"
          style={{ left: leftOf(place), top: topOf(place) }}
          title={sentences.join('\n')}
          aria-hidden="true"
        >
          {labels.slice(0, LINES).map((label) => (
            <span key={label}>{label}</span>
          ))}
          {labels.length > LINES && <small>and {labels.length - LINES} more</small>}
        </span>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys */}
      <div
        role="treeitem"
        className="tree-item"
        data-key={node.key}
        data-pile={count > 1 && !isOpen}
        aria-label={`${title}${count > 1 ? `, ${count} pictures` : ''}: ${told.join(', ')}`}
        aria-level={column + 1}
        aria-posinset={position}
        aria-setsize={size}
        aria-selected={isCurrent}
        aria-expanded={isOpen}
        title={[title, ...sentences, inWords(top.graph)].join('\n')}
        tabIndex={isCurrent ? 0 : -1}
        style={{ left: leftOf(place), top: topOf(place) }}
        onClick={onAct}
        onPointerEnter={({ buttons }) => buttons === 1 && onDragOver()}
      >
        <PictureCanvas picture={top.result.picture} />
        <span className="history-seed numeric" aria-hidden>
          {top.starred && <Star size={9} />}
          {count > 1 && <Layers size={10} />}
          {count > 1 ? count : (top.name ?? top.settings.seed)}
        </span>
      </div>
    </>
  );
}

/** Of the words on an edge. */
const LINES = 2;

const titleOfNode = ({ records }: HistoryNode): string => {
  const [first] = records;
  return records.length > 1 ? (first!.group?.title ?? '') : titleOf(first!);
};

/** On the edge that leads to it; none for a root. */
function wordsOf({ records, from, isInPile }: HistoryNode): {
  labels: readonly string[];
  sentences: readonly string[];
} {
  const [first] = records;
  if (!first || !from) return { labels: [], sentences: [] };
  if (records.length > 1) return { labels: [first.group?.title ?? ''], sentences: [] };
  const words = stepBetween(from, first);
  if (isInPile && first.group) return { labels: [first.group.caption], sentences: words.sentences };
  return words.labels.length > 0 ? words : { labels: ['painted again'], sentences: ['the same graph and settings'] };
}
