import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { branchThrough, type HistoryNode, placed, treesOf } from '#editor/history/tree.ts';
import { restorePicture } from '#editor/painting/engine.ts';
import { removePicture } from '#editor/picture/strip/remove-picture.ts';
import { BranchBar } from './BranchBar.tsx';
import { TreeItem } from './TreeItem.tsx';
import { TreeLines } from './TreeLines.tsx';
import { nextNode, treeSize } from './tree-layout.ts';

/** Every picture with what it was made from; along a branch the arrow keys, the slider and a drag show one after another. */
export function HistoryTree() {
  const records = usePictures((state) => state.records);
  const currentId = usePictures((state) => state.currentId);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const places = useMemo(() => placed(treesOf(records, open)), [records, open]);
  const branch = useBranch(records, currentId);
  const onBranch = useMemo(() => new Set(branch.map(({ id }) => id)), [branch]);
  const tree = useRef<HTMLDivElement>(null);
  const current = places.find((place) => !isOpenPile(place.node, open) && holds(place.node, currentId)) ?? places[0];
  const currentKey = current?.node.key;
  useEffect(() => {
    if (currentKey !== undefined)
      itemOf(tree.current, currentKey)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [currentKey]);

  const toggle = ({ key }: HistoryNode) =>
    setOpen((keys) => (keys.has(key) ? new Set([...keys].filter((each) => each !== key)) : new Set([...keys, key])));
  const act = (node: HistoryNode) => (node.records.length > 1 ? toggle(node) : restorePicture(node.records[0]!));
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const key = (event.target as HTMLElement).dataset.key;
    const place = places.find(({ node }) => node.key === key);
    if (!place || event.ctrlKey || event.metaKey || event.altKey || !keys.has(event.key)) return;
    event.preventDefault();
    const { node } = place;
    if (event.key === 'Enter' || event.key === ' ') return act(node);
    if (event.key === 'Delete') return node.records.length > 1 ? undefined : removePicture(node.records[0]!);
    const isOpening = event.key === 'ArrowRight' && node.records.length > 1 && !open.has(node.key);
    const isClosing = event.key === 'ArrowLeft' && open.has(node.key);
    if (isOpening || isClosing) return toggle(node);
    const next = nextNode(event.key, place, places, onBranch);
    if (!next) return undefined;
    show(next.node, currentId);
    itemOf(tree.current, next.node.key)?.focus({ preventScroll: true });
    return undefined;
  };
  return (
    <div className="history-branches">
      <BranchBar branch={branch} currentId={currentId} />
      <div className="history-tree">
        <div
          ref={tree}
          role="tree"
          aria-label="Pictures and what each was made from"
          aria-orientation="horizontal"
          tabIndex={-1}
          style={treeSize(places)}
          onKeyDown={onKeyDown}
        >
          <TreeLines places={places} onBranch={onBranch} />
          {places.map((place) => (
            <TreeItem
              key={place.node.key}
              place={place}
              isCurrent={place.node.key === currentKey}
              isOpen={place.node.records.length > 1 ? open.has(place.node.key) : undefined}
              top={topOf(place.node, currentId)}
              onAct={() => act(place.node)}
              onDragOver={() => show(place.node, currentId)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const keys = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'Enter', ' ', 'Delete']);

/** The branch that the picture on the stage lies on; the way back along it does not lead onto another. */
function useBranch(records: readonly PictureRecord[], currentId: string | null): readonly PictureRecord[] {
  const [tip, setTip] = useState<string | null>(null);
  const branch = useMemo(() => branchThrough(records, currentId, tip), [records, currentId, tip]);
  const end = branch.at(-1)?.id ?? null;
  if (end !== tip) setTip(end);
  return branch;
}

const holds = ({ records }: HistoryNode, id: string | null): boolean => records.some((record) => record.id === id);
const isOpenPile = ({ key, records }: HistoryNode, open: ReadonlySet<string>): boolean =>
  records.length > 1 && open.has(key);

/** The picture that stands for a node: of a pile the one on the stage, else the newest. */
const topOf = ({ records }: HistoryNode, currentId: string | null): PictureRecord =>
  records.find(({ id }) => id === currentId) ?? records[0]!;

const show = (node: HistoryNode, currentId: string | null): void =>
  usePictures.getState().show(topOf(node, currentId).id);

const itemOf = (tree: HTMLElement | null, key: string): HTMLElement | null =>
  [...(tree?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])].find((item) => item.dataset.key === key) ??
  null;
