import { describe, expect, it, vi } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { isThing, type Scene } from '#training/corpus/world/scene.ts';
import { inversePredicate } from '#training/corpus/world/world.ts';
import { type ComposeOptions, composeScene, composeTurned } from './compose.ts';
import { type TurnPredicate, turns } from './turned.ts';

vi.setConfig({ testTimeout: 60_000 });

const options: ComposeOptions = { things: { min: 2, max: 4 } };
const usual = (seed: number, more: Partial<ComposeOptions> = {}) =>
  composeScene(seededRandom(seed), { ...options, ...more });
const thingsOf = ({ objects }: Scene) => objects.filter(isThing);
const says = (scene: Scene, subject: number, predicate: string, object: number) =>
  scene.relations.some((one) => one.subject === subject && one.predicate === predicate && one.object === object);

/** The first two things of scenes, turned to every side of each other, where there is room. */
const cases = Array.from({ length: 120 }, (_, seed) =>
  turns.flatMap((predicate) => {
    const [before, turn] = [usual(seed), { subject: 0, predicate, object: 1 }];
    const after = composeTurned(seededRandom(seed), options, turn, seededRandom(seed + 1));
    return after ? [{ before, predicate, after }] : [];
  }),
).flat();

describe('a scene with two things turned round', () => {
  it('shows them as asked, and is the same scene otherwise', () => {
    const found = new Set<TurnPredicate>();
    for (const { before, predicate, after } of cases) {
      found.add(predicate);
      expect(says(after, 0, predicate, 1)).toBe(true);
      expect(says(after, 1, inversePredicate[predicate]!, 0)).toBe(true);
      const told = ({ label, attributes }: Scene['objects'][number]) => [label, ...attributes];
      expect(thingsOf(after).map(told)).toEqual(thingsOf(before).map(told));
      expect(after.style).toBe(before.style);
      expect(after.objects.filter(({ isGround }) => isGround)).toEqual(
        before.objects.filter(({ isGround }) => isGround),
      );
      for (const { box } of thingsOf(after)) {
        expect(Math.min(...box)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...box)).toBeLessThanOrEqual(1);
      }
    }
    expect(found).toEqual(new Set(turns));
    expect(cases.length).toBeGreaterThan(turns.length * 60);
  });

  it('leaves all that is carried where it is carried, and no rider without what is ridden', () => {
    let carried = 0;
    for (const { before, after } of cases) {
      for (const { subject, predicate, object } of before.relations) {
        if (!['riding', 'holding', 'wearing'].includes(predicate)) continue;
        const isPair = Math.max(subject, object) === 1;
        const [a, b] = [subject, object].map((index) => [before, after].map(({ objects }) => objects[index]!));
        expect(says(after, subject, predicate, object)).toBe(!isPair);
        if (isPair) {
          for (const [, now] of [a!, b!]) expect(now!.shown ?? 1).toBe(1);
          continue;
        }
        carried++;
        const apart = (moment: 0 | 1) => a![moment]!.box.map((side, i) => (side - b![moment]!.box[i]!).toFixed(9));
        expect(apart(1)).toEqual(apart(0));
      }
    }
    expect(carried).toBeGreaterThan(10);
  });

  it('comes as often as it is asked for, and its graphs have the turned edge to say', () => {
    const unlikelyIn = (turned: number) =>
      Array.from({ length: 120 }, (_, seed) => usual(seed, { unlikely: 0, turned })).filter(({ relations }) =>
        relations.some(({ unlikely }) => unlikely),
      ).length;
    expect(unlikelyIn(0)).toBe(0);
    const all = unlikelyIn(1);
    expect(all).toBeGreaterThan(90);
    expect(Math.abs(unlikelyIn(0.5) - all / 2)).toBeLessThan(18);
  });

  it('is the usual scene where nothing is to be turned', () => {
    for (let seed = 0; seed < 20; seed++) expect(usual(seed, { turned: 0 })).toEqual(usual(seed));
  });
});
