import { Columns2, GitBranch, Pencil, Settings2, Star, Trash2 } from 'lucide-react';
import { type PictureGroup, type PictureRecord, titleOf } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { counted } from '#editor/interface/counted.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { LazyPart } from '#editor/interface/LazyPart.tsx';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { restorePicture } from '#editor/painting/engine.ts';
import { paintedOver } from '#editor/painting/painted-over.ts';
import { PictureCanvas } from '#editor/picture/PictureCanvas.tsx';
import { describe as inWords } from '#graph/words/describe.ts';
import { HistoryGroup } from './HistoryGroup.tsx';
import { removePicture } from './remove-picture.ts';

const treePart = async () => (await import('#editor/picture/tree/HistoryTree.tsx')).HistoryTree;
const showStrip = () => usePreferences.getState().set({ historyView: 'strip' });

/** Every picture that was made; a click brings back its graph, seed and settings. */
export function HistoryStrip() {
  const records = usePictures((state) => state.records);
  const currentId = usePictures((state) => state.currentId);
  const show = useInterface((state) => state.show);
  const view = usePreferences((state) => state.historyView);
  const setPreferences = usePreferences((state) => state.set);
  const current = records.find(({ id }) => id === currentId);
  const isTree = view === 'tree' && records.length > 0;
  return (
    <section className="history" aria-label="History" data-view={isTree ? 'tree' : 'strip'}>
      <div className="history-head">
        <h2>History</h2>
        <p>{counted(records.length, 'picture')}</p>
        {records.length > 0 && (
          <span className="history-buttons">
            <button type="button" className="history-manage" onClick={() => show({ type: 'history' })}>
              <Settings2 size={12} aria-hidden />
              Manage
            </button>
            <button
              type="button"
              className="history-manage"
              aria-pressed={isTree}
              title="History as a tree (H)"
              onClick={() => setPreferences({ historyView: isTree ? 'strip' : 'tree' })}
            >
              <GitBranch size={12} aria-hidden />
              Tree
            </button>
          </span>
        )}
      </div>
      {isTree ? (
        <LazyPart load={treePart} close={showStrip} isDialog={false} />
      ) : records.length === 0 ? (
        <p className="history-empty">Every picture you make is kept here with its graph, seed and settings.</p>
      ) : (
        <ul className="history-list">
          {piles(records).map(({ group, places }) => {
            const items = places.map((place) => (
              <HistoryItem
                key={records[place]!.id}
                record={records[place]!}
                kin={kinOf(records[place]!, current)}
                branchedFrom={branchOf(records, place)}
                isMarked={beginsBranch(records, place)}
              />
            ));
            if (!group || places.length === 1) return items;
            return (
              <HistoryGroup key={group.id} title={group.title} records={places.map((place) => records[place]!)}>
                {items}
              </HistoryGroup>
            );
          })}
        </ul>
      )}
    </section>
  );
}

interface Pile {
  readonly group: PictureGroup | undefined;
  /** In the history. */
  readonly places: readonly number[];
}

/** Pictures that were painted together lie together, at the place of the newest of them. */
function piles(records: readonly PictureRecord[]): readonly Pile[] {
  const byKey = new Map<string, Pile & { readonly places: number[] }>();
  for (const [place, { id, group }] of records.entries()) {
    const key = group ? `group ${group.id}` : id;
    const pile = byKey.get(key);
    if (pile) pile.places.push(place);
    else byKey.set(key, { group, places: [place] });
  }
  return [...byKey.values()];
}

type Kin = 'parent' | 'child' | undefined;

/** How a picture is related to the one on the stage. */
function kinOf(record: PictureRecord, current: PictureRecord | undefined): Kin {
  if (current === undefined) return undefined;
  if (record.id === current.parent) return 'parent';
  return record.parent === current.id ? 'child' : undefined;
}

/** The picture that the one at this place was made from, unless it is simply the one before it. */
function branchOf(records: readonly PictureRecord[], place: number): PictureRecord | undefined {
  const parent = records[place]?.parent;
  return records[place + 1]?.id === parent ? undefined : records.find(({ id }) => id === parent);
}

/** Of many variations of one picture the first bears the mark. */
function beginsBranch(records: readonly PictureRecord[], place: number): boolean {
  const origin = branchOf(records, place);
  return origin !== undefined && origin !== branchOf(records, place + 1);
}

interface ItemProps {
  readonly record: PictureRecord;
  readonly kin: Kin;
  readonly branchedFrom: PictureRecord | undefined;
  readonly isMarked: boolean;
}

function HistoryItem({ record, kin, branchedFrom, isMarked }: ItemProps) {
  const isCurrent = usePictures((state) => state.currentId === record.id);
  const isBefore = usePictures((state) => state.beforeId === record.id && state.mode !== 'single');
  const { star, compareWith } = usePictures.getState();
  const { show } = useInterface.getState();
  const { seed } = record.settings;
  const title = titleOf(record);
  const what = inWords(record.graph);
  const { steps, guidanceScale, relationFactor = 1 } = record.settings;
  const amplified = relationFactor === 1 ? '' : ` · relations × ${relationFactor}`;
  const origin = branchedFrom ? [`made from ${titleOf(branchedFrom)}`] : [];
  const named = record.name === undefined ? [] : [record.name];
  const { model, over } = record;
  const painters = over ? [`drawn by ${model}, ${paintedOver(over)}`] : [];
  return (
    <li
      className="history-item"
      data-current={isCurrent}
      data-starred={record.starred}
      data-kin={kin}
      data-before={isBefore}
    >
      <button
        type="button"
        className="history-open"
        aria-label={`Restore ${[...named, `seed ${seed}: ${what}`, ...painters, ...origin].join(', ')}`}
        aria-current={isCurrent}
        title={[
          ...named,
          what,
          `seed ${seed} · ${steps} steps · guidance ${guidanceScale}${amplified}`,
          ...painters,
          ...origin,
        ].join('\n')}
        onClick={() => restorePicture(record)}
      >
        <PictureCanvas picture={record.result.picture} />
        <span className="history-seed numeric" aria-hidden>
          {isMarked && <GitBranch size={9} />}
          {record.name ?? record.group?.caption ?? seed}
        </span>
      </button>
      <span className="history-tools">
        <button
          type="button"
          aria-label={`Star ${title}`}
          aria-pressed={record.starred}
          title={record.starred ? 'Remove the star' : 'Star: keep this one'}
          onClick={() => star(record.id)}
        >
          <Star size={13} aria-hidden />
        </button>
        <button
          type="button"
          className="history-extra"
          aria-label={`Delete ${title}`}
          title="Delete"
          onClick={() => removePicture(record)}
        >
          <Trash2 size={13} aria-hidden />
        </button>
      </span>
      <span className="history-tools history-tools-low">
        <button
          type="button"
          className="history-extra"
          aria-label={`Name ${title}`}
          title="Name"
          onClick={() => show({ type: 'name-picture', id: record.id })}
        >
          <Pencil size={13} aria-hidden />
        </button>
        <button
          type="button"
          className="history-extra"
          aria-label={`Compare ${title} with the picture on screen`}
          title="Compare with the picture on screen"
          disabled={isCurrent}
          onClick={() => compareWith(record.id)}
        >
          <Columns2 size={13} aria-hidden />
        </button>
      </span>
    </li>
  );
}
