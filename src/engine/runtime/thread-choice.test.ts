import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Session } from './sessions.ts';
import { chosenSession, ThreadChoice, type Threads } from './thread-choice.ts';

/** Milliseconds as measured: alone on the machine, and beside other programs. */
const idle = { all: [75, 95], one: [110, 140] } as const;
const busy = { all: [230, 1000], one: [170, 225] } as const;

/** @returns what was chosen, and the milliseconds it took */
function passes(choice: ThreadChoice, machine: Readonly<Record<Threads, readonly [number, number]>>, draws: number[]) {
  return draws.map((draw) => {
    const threads = choice.next('denoiser');
    const [from, to] = machine[threads];
    const milliseconds = from + draw * (to - from);
    choice.note('denoiser', threads, milliseconds);
    return { threads, milliseconds };
  });
}
const share = (of: ReturnType<typeof passes>, threads: Threads) =>
  of.filter((pass) => pass.threads === threads).length / of.length;
const draws = (count: number) =>
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: count, maxLength: count });

describe('the choice of threads', () => {
  it('leaves all of them to a machine that has nothing else to do', () => {
    fc.assert(
      fc.property(draws(100), (ways) => {
        expect(share(passes(new ThreadChoice(), idle, ways), 'all')).toBe(1);
      }),
    );
  });

  it('goes to one when the machine gets busy, and back within nine passes when it is free again', () => {
    fc.assert(
      fc.property(draws(20), draws(200), draws(9), (before, during, after) => {
        const choice = new ThreadChoice();
        passes(choice, idle, before);
        const crowded = passes(choice, busy, during);
        expect(crowded[2]!.threads).toBe('one');
        expect(share(crowded, 'one')).toBeGreaterThan(0.7);
        passes(choice, idle, after);
        expect(choice.next('denoiser')).toBe('all');
      }),
      { numRuns: 50 },
    );
  });

  it('tells networks and sizes apart: a slow decoder is no busy machine', () => {
    const choice = new ThreadChoice();
    for (let picture = 0; picture < 20; picture++) {
      for (const [work, milliseconds] of [
        ['denoiser', 80],
        ['decoder', 400],
      ] as const) {
        expect(choice.next(work)).toBe('all');
        choice.note(work, 'all', milliseconds);
      }
    }
  });

  it('makes nothing of short passes that take ten times as long: what comes between lasts longer than they', () => {
    const choice = new ThreadChoice();
    for (const milliseconds of [3, 30, 3, 30, 30, 30]) {
      expect(choice.next('encoder')).toBe('all');
      choice.note('encoder', 'all', milliseconds);
    }
    expect(choice.next('denoiser')).toBe('all');
  });

  it('stays with all where one thread is no faster, and does not try again at once', () => {
    const choice = new ThreadChoice();
    choice.note('denoiser', 'all', 80);
    const chosen = Array.from({ length: 12 }, () => {
      const threads = choice.next('denoiser');
      choice.note('denoiser', threads, threads === 'all' ? 400 : 500);
      return threads;
    });
    expect(chosen.filter((threads) => threads === 'one')).toHaveLength(2);
  });
});

describe('a session of chosen threads', () => {
  const sessionOf = (calls: string[], name: string): Session => ({
    inputs: [],
    outputs: [],
    run: async () => {
      calls.push(name);
      return {};
    },
    release: async () => void calls.push(`${name} released`),
  });
  const always: ThreadChoice = Object.assign(new ThreadChoice(), { next: () => 'one' as const });

  it('opens the second one when it is wanted, once, and releases both', async () => {
    const calls: string[] = [];
    const openAlone = async () => {
      calls.push('opened');
      return sessionOf(calls, 'one');
    };
    const session = chosenSession('denoiser', sessionOf(calls, 'all'), openAlone, always);
    await session.run({});
    await session.run({});
    await session.release();
    expect(calls).toEqual(['opened', 'one', 'one', 'all released', 'one released']);
  });

  it('goes on with all where there is no room for a second', async () => {
    const calls: string[] = [];
    const session = chosenSession(
      'denoiser',
      sessionOf(calls, 'all'),
      () => Promise.reject(new Error('memory')),
      always,
    );
    await session.run({});
    await session.release();
    expect(calls).toEqual(['all', 'all released']);
  });
});
