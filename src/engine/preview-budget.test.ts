import { describe, expect, it } from 'vitest';
import { PreviewBudget } from './preview-budget.ts';

/** A picture of `steps` steps of `stepMs` each, previews of `previewMs`: how many previews there were, and their share of the time. */
async function run(budget: PreviewBudget, clock: { now: number }, steps: number, stepMs: number, previewMs: number) {
  const begin = clock.now;
  budget.start();
  let previews = 0;
  for (let step = 0; step < steps; step++) {
    clock.now += stepMs;
    await budget.spend(async () => {
      clock.now += previewMs;
      previews++;
    });
  }
  return { previews, share: (previews * previewMs) / (clock.now - begin) };
}

describe('the budget of previews', () => {
  it.each([
    [100, 5],
    [100, 50],
    [100, 300],
    [7, 1],
  ])(
    'keeps previews below a fifth of the time with steps of %d ms and previews of %d ms',
    async (stepMs, previewMs) => {
      const clock = { now: 0 };
      const budget = new PreviewBudget(() => clock.now);
      await run(budget, clock, 20, stepMs, previewMs); // learns the cost
      const { previews, share } = await run(budget, clock, 20, stepMs, previewMs);
      expect(share).toBeLessThanOrEqual(0.2);
      expect(previews).toBeGreaterThan(0);
    },
  );

  it('shows every step when previews cost next to nothing', async () => {
    const clock = { now: 0 };
    const { previews } = await run(new PreviewBudget(() => clock.now), clock, 16, 100, 1);
    expect(previews).toBe(16);
  });
});
