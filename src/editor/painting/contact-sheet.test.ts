import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pictureRecord } from '#editor/history/picture-record.fixture.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import type { Verdict } from '#engine/contract/protocol.ts';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import {
  bestFirst,
  bestOf,
  closeContactSheet,
  fillContactSheet,
  type Painted,
  planContactSheet,
  resizeContactSheet,
  retryEntry,
  type SheetEntry,
  stopContactSheet,
  takeFromSheet,
  timeLeft,
  useContactSheet,
} from './contact-sheet.ts';

const record = (...relations: Verdict[]): PictureRecord =>
  pictureRecord(
    { id: relations.join() },
    { verification: { objects: { o1: 'found' }, relations: Object.fromEntries(relations.entries()) } },
  );

describe('bestOf', () => {
  it('names the picture in which most of its graph was found, the first of equals', () => {
    const records = [record('missing', 'found'), undefined, record('found', 'found'), null, record('found', 'found')];
    expect(bestOf(records)).toBe(2);
  });

  it('names none where all are equally good, or none is there', () => {
    expect(bestOf([record('missing'), record('unsure'), undefined])).toBeNull();
    expect(bestOf([record('found')])).toBeNull();
    expect(bestOf([undefined, null])).toBeNull();
  });
});

describe('bestFirst', () => {
  it('puts what satisfies most first, equals in their order, missing ones last', () => {
    const records = [null, record('missing', 'found'), record('found', 'found'), record('found'), undefined];
    expect(bestFirst(records)).toEqual([2, 3, 1, 0, 4]);
  });
});

describe('a contact sheet', () => {
  const settings = { seed: 1, steps: 4, guidanceScale: 2, sampler: 'euler', style: 'any' } as const;
  const entries: readonly SheetEntry[] = [1, 2, 3].map((seed) => ({
    caption: `Seed ${seed}`,
    graph: EMPTY_SCENE_GRAPH,
    settings: { ...settings, seed },
  }));
  const painted = (seed: number): Painted => ({
    type: 'painted',
    record: { ...record('found'), id: `p${seed}`, settings: { ...settings, seed } },
  });
  const failed: Painted = { type: 'failed', message: 'The memory ran out. Try fewer steps.' };
  const types = () => useContactSheet.getState().cells.map(({ type }) => type);
  const kept = () => usePictures.getState().records.map(({ id }) => id);

  beforeEach(() => usePictures.getState().load([]));
  afterEach(closeContactSheet);

  it('paints the rest after one that failed, and says in its cell why', async () => {
    await fillContactSheet('Three', entries, async ({ settings: { seed } }) => (seed === 2 ? failed : painted(seed)));
    expect(useContactSheet.getState().cells[1]).toEqual(failed);
    expect(types()).toEqual(['painted', 'failed', 'painted']);
  });

  it('paints a failed one again on request, and nothing else', async () => {
    const asked: number[] = [];
    await fillContactSheet('Three', entries, async ({ settings: { seed } }) => {
      asked.push(seed);
      return asked.length === 2 ? failed : painted(seed);
    });
    await retryEntry(1);
    expect(types()).toEqual(['painted', 'painted', 'painted']);
    expect(asked).toEqual([1, 2, 3, 2]);
  });

  it('takes a retry into its turn while others are still painted', async () => {
    const asked: number[] = [];
    await fillContactSheet('Three', entries, async ({ settings: { seed } }) => {
      asked.push(seed);
      if (asked.length === 3) void retryEntry(1);
      return asked.length === 2 ? failed : painted(seed);
    });
    expect(types()).toEqual(['painted', 'painted', 'painted']);
    expect(asked).toEqual([1, 2, 3, 2]);
  });

  it('keeps every picture in the history as it is made, and leaves the stage alone', async () => {
    usePictures.getState().add({ ...record(), id: 'stage' });
    await fillContactSheet('Three', entries, async ({ settings: { seed } }) => {
      if (seed === 3) closeContactSheet();
      return painted(seed);
    });
    // The third was finished after the sheet was closed: it was made, so it is kept as well.
    expect(kept()).toEqual(['p3', 'p2', 'p1', 'stage']);
    expect(usePictures.getState().currentId).toBe('stage');
    expect(useContactSheet.getState().title).toBeNull();
  });

  it('grows while it paints and after it, and shrinks by what nobody has begun', async () => {
    const entryAt = (index: number): SheetEntry => ({
      caption: `Seed ${index + 1}`,
      graph: EMPTY_SCENE_GRAPH,
      settings: { ...settings, seed: index + 1 },
    });
    const asked: number[] = [];
    const paintOne = async ({ settings: { seed } }: SheetEntry) => {
      asked.push(seed);
      if (seed === 2) void resizeContactSheet(4);
      if (seed === 3) void resizeContactSheet(1);
      return painted(seed);
    };
    await fillContactSheet('Variations', entries.slice(0, 2), paintOne, entryAt);
    expect(asked).toEqual([1, 2, 3]);
    await resizeContactSheet(5);
    expect(asked).toEqual([1, 2, 3, 4, 5]);
    expect(types()).toEqual(Array(5).fill('painted'));
    expect(
      useContactSheet
        .getState()
        .entries.map(({ caption }) => caption)
        .at(-1),
    ).toBe('Seed 5');
  });

  it('asks before it paints, and its pictures are one group of the history', async () => {
    planContactSheet({ title: 'Three', choices: [{ label: 'All', entries }] });
    expect(useContactSheet.getState()).toMatchObject({ title: 'Three', cells: [], plan: { title: 'Three' } });
    expect(kept()).toEqual([]);
    await fillContactSheet('Three', entries, async ({ settings: { seed } }) => painted(seed));
    const groups = usePictures.getState().records.map(({ group }) => group);
    expect(new Set(groups.map((group) => group?.id)).size).toBe(1);
    expect(groups.map((group) => group?.caption)).toEqual(['Seed 3', 'Seed 2', 'Seed 1']);
  });

  it('drops what nobody has begun when it is stopped, and knows the time left until then', async () => {
    let left: number | undefined;
    await fillContactSheet('Three', entries, async ({ settings: { seed } }) => {
      const { entries: all, cells } = useContactSheet.getState();
      if (seed === 2) left = timeLeft(all, cells);
      if (seed === 2) stopContactSheet();
      return painted(seed);
    });
    // Two pictures, each as the first: 1 ms.
    expect(left).toBe(2);
    expect(types()).toEqual(['painted', 'painted']);
    expect(useContactSheet.getState().entries).toHaveLength(2);
  });

  it('stops when it is closed', async () => {
    const asked: number[] = [];
    await fillContactSheet('Three', entries, async ({ settings: { seed } }) => {
      asked.push(seed);
      closeContactSheet();
      return { type: 'cancelled' };
    });
    expect(asked).toEqual([1]);
    expect(kept()).toEqual([]);
  });

  it('puts the one that is taken on the stage without a second copy', async () => {
    await fillContactSheet('Three', entries, async ({ settings: { seed } }) => painted(seed));
    const cell = useContactSheet.getState().cells[1];
    if (cell?.type !== 'painted') throw new Error('The second picture is missing.');
    takeFromSheet(cell.record);
    expect(usePictures.getState().currentId).toBe('p2');
    expect(kept()).toEqual(['p3', 'p2', 'p1']);
  });
});
