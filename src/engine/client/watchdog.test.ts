import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const patience = { answer: 1_000, silence: 10_000, first: 100_000 };

function open() {
  const said: string[] = [];
  const watchdog = new Watchdog(
    patience,
    () => said.push('asked'),
    () => said.push('silent'),
  );
  watchdog.start();
  return { watchdog, said };
}

/** Steps of so many milliseconds. */
function steps(watchdog: Watchdog, count: number, milliseconds: number): void {
  for (let step = 0; step < count; step++) {
    vi.advanceTimersByTime(milliseconds);
    watchdog.heard(true);
  }
}

describe('the watchdog', () => {
  it('asks once before it gives up, and waits long before the pace is known', () => {
    const { said } = open();
    vi.advanceTimersByTime(49_999);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(['asked']);
    vi.advanceTimersByTime(49_999);
    expect(said).toEqual(['asked']);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(['asked', 'silent']);
  });

  it.each([
    ['quick', 50, 10_000],
    ['slow', 4_000, 80_000],
  ])('gives a %s worker time by its own pace', (_, pace, limit) => {
    const { watchdog, said } = open();
    steps(watchdog, 4, pace);
    vi.advanceTimersByTime(limit - 1);
    expect(said).toEqual(['asked']);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(['asked', 'silent']);
  });

  it('knows no pace from what is no step, nor of another model', () => {
    const { watchdog, said } = open();
    steps(watchdog, 4, 50);
    watchdog.forget();
    watchdog.heard(true);
    vi.advanceTimersByTime(30_000);
    watchdog.heard(false);
    vi.advanceTimersByTime(49_999);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual(['asked']);
  });

  it('is not taken in by messages that come after the timer, as in a tab that was frozen', () => {
    const { watchdog, said } = open();
    steps(watchdog, 4, 50);
    vi.advanceTimersByTime(5_000);
    watchdog.heard(true);
    vi.advanceTimersByTime(9_999);
    expect(said).toEqual(['asked']);
  });

  it('waits less long for what is cancelled, until something is heard', () => {
    const { watchdog, said } = open();
    watchdog.hurry();
    vi.advanceTimersByTime(999);
    watchdog.heard(false);
    vi.advanceTimersByTime(40_000);
    expect(said).not.toContain('silent');
    watchdog.hurry();
    vi.advanceTimersByTime(1_000);
    expect(said.at(-1)).toBe('silent');
  });

  it('gives a slow worker three of its steps to cancel', () => {
    const { watchdog, said } = open();
    steps(watchdog, 3, 2_000);
    watchdog.hurry();
    vi.advanceTimersByTime(5_999);
    expect(said).not.toContain('silent');
    vi.advanceTimersByTime(1);
    expect(said.at(-1)).toBe('silent');
  });

  it('sleeps while nothing is owed', () => {
    const { watchdog, said } = open();
    watchdog.stop();
    watchdog.heard(false);
    watchdog.hurry();
    vi.advanceTimersByTime(1e9);
    expect(said).toEqual([]);
  });
});
