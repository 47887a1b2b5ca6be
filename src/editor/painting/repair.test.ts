import { describe, expect, it } from 'vitest';
import { pictureRecord } from '#editor/history/picture-record.fixture.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import type { Verification } from '#engine/contract/protocol.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import type { PaintOrder } from './engine.ts';
import { isRepairing, type RepairTools, repair, stopRepair, TRIES, useRepair } from './repair.ts';

const graph = graphOf(['dog', 'cat'], [[0, 'left of', 1]]);
const attention = {
  width: 1,
  height: 1,
  objects: { o1: new Float32Array([0.25]), o2: new Float32Array([0.5]) },
  relations: {},
};
const box = [0, 0, 0.5, 0.5] as const;
const seen = { o1: { box, score: 0.9 }, o2: { box, score: 0.8 } };
const whole: Verification = { objects: { o1: 'found', o2: 'found' }, relations: { r1: 'found' }, sightings: seen };
const turned: Verification = { ...whole, relations: { r1: 'missing' } };
const nobody: Verification = { objects: { o1: 'missing', o2: 'missing' }, relations: { r1: 'found' } };

const painted = (order: PaintOrder, verification: Verification): PictureRecord =>
  pictureRecord(
    { ...order, id: `seed ${order.settings.seed}` },
    { verification, attention, latent: new Float32Array([7]) },
  );
const settings = { seed: 10, steps: 4, guidanceScale: 2, sampler: 'euler', style: 'any' } as const;
const before = painted({ graph, document: 'd', settings }, turned);
const edge = { type: 'relation', id: 'r1' } as const;

/** Paints what `looks` says for the picture of each try, of which the second look says what `again` does. */
function studio(looks: (place: number) => Verification, again: (place: number) => Verification = looks) {
  const orders: PaintOrder[] = [];
  const shown: PictureRecord[] = [];
  const tools: RepairTools = {
    paint: async (order) => {
      orders.push(order);
      return { type: 'painted', record: painted(order, looks(orders.length - 1)) };
    },
    verifyAgain: async () => again(orders.length - 1),
    show: (record) => shown.push(record),
  };
  return { orders, shown, tools };
}

describe('repair', () => {
  it('tries the seeds that follow until both looks agree, and shows that picture', async () => {
    const { orders, shown, tools } = studio((place) => (place < 2 ? turned : whole));
    await repair(before, edge, tools);
    expect(orders.map(({ settings: { seed } }) => seed)).toEqual([11, 12, 13]);
    expect(orders.every(({ keep, document }) => keep === undefined && document === 'd')).toBe(true);
    expect(shown.map(({ id }) => id)).toEqual(['seed 13']);
    const { phase, tries, name } = useRepair.getState();
    expect([name, phase.type, tries.length]).toEqual(['dog left of cat', 'found', 3]);
    expect(tries.at(-1)?.second).toEqual({ verdict: 'found', score: 0.8, boxes: [box, box] });
    expect(tries[0]?.second).toBeUndefined();
  });

  it('goes on when the second look does not agree', async () => {
    const { orders, shown, tools } = studio(
      () => whole,
      (place) => (place === 0 ? turned : whole),
    );
    await repair(before, edge, tools);
    expect(orders).toHaveLength(2);
    expect(shown.map(({ id }) => id)).toEqual(['seed 12']);
  });

  it('does not take a picture that lost more than it won', async () => {
    const { shown, tools } = studio(() => nobody);
    await repair(before, edge, tools);
    expect(shown).toEqual([]);
    expect(useRepair.getState().tries.every(({ isWorse, second }) => isWorse && second === undefined)).toBe(true);
  });

  it('then paints anew only where it should be, and gives up after a bounded number of tries', async () => {
    const { orders, shown, tools } = studio(() => turned);
    await repair(before, edge, tools);
    expect(orders).toHaveLength(TRIES.seed + TRIES.region);
    const regions = orders.slice(TRIES.seed);
    for (const { keep } of regions) {
      expect(keep).toEqual({
        latent: new Float32Array([7]),
        strength: 1,
        before: [attention.objects.o1, attention.objects.o2],
        objects: ['o1', 'o2'],
      });
    }
    expect(new Set(orders.map((order) => order.settings.seed)).size).toBe(orders.length);
    expect(shown).toEqual([]);
    expect(useRepair.getState().phase.type).toBe('gave-up');
  });

  it('tries seeds alone where a picture did not keep what a region needs', async () => {
    const { orders, tools } = studio(() => turned);
    const { latent: _, ...result } = before.result;
    await repair({ ...before, result }, edge, tools);
    expect(orders).toHaveLength(TRIES.seed);
  });

  it('stops when it is asked to, and hears no answer after that', async () => {
    const { orders, shown, tools } = studio(() => whole);
    const running = repair(before, edge, tools);
    expect(isRepairing(useRepair.getState().phase)).toBe(true);
    stopRepair();
    await running;
    expect(orders).toHaveLength(1);
    expect(shown).toEqual([]);
    expect(useRepair.getState().phase).toEqual({ type: 'stopped' });
  });

  it('says what went wrong', async () => {
    const fault = { code: 'non-finite', message: 'The picture overflowed.' } as const;
    const { tools } = studio(() => whole);
    await repair(before, edge, { ...tools, paint: async () => ({ type: 'failed', fault, message: fault.message }) });
    expect(useRepair.getState().phase).toEqual({ type: 'failed', message: 'The picture overflowed.' });
  });
});
