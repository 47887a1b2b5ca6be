/**
 * ONNX Runtime's threads spin while they wait for each other, and in the browser nothing stops them. Where other programs compute too, a thread that
 * spins uses up the share of the one that is waited for. On two cores under a load of 12 to 18 the median of interleaved passes was 475 ms by two
 * threads and 218 by one; the fastest, which nothing disturbed, 116 by one and 78 by two that stop between runs. So passes that take much longer than
 * others of their kind are tried on one thread, and stay there as long as that is faster: pictures under a load of 15 to 20 took 8.5 s instead of 11.3
 * (medians of six pairs).
 */
import type { Feeds, Session } from './sessions.ts';

export type Threads = 'all' | 'one';

/**
 * A pass counts as slow from this multiple of the fastest on, and from so many milliseconds more. Where nothing else runs long ones differ by less
 * than a third, short ones by whatever comes between.
 */
const [SLOW, SLOW_BY] = [2, 30];
/** Of the last four passes two must be slow: a single one may be a window that opens. */
const [WINDOW, SLOW_OF_WINDOW] = [4, 2];
/** Every eighth pass on one thread is tried on all: the other programs may have ended. After a trial on one thread that was no faster, as many pass without another. */
const RETRY_EVERY = 8;

/** Decides pass by pass; what it decides changes no number of a result. */
export class ThreadChoice {
  #isAlone = false;
  /** Passes until the other choice may be tried. */
  #rest = 0;
  /** Of the latest passes on all threads. */
  #isSlow: boolean[] = [];
  readonly #fastest = new Map<string, number>();
  readonly #last: Readonly<Record<Threads, Map<string, number>>> = { all: new Map(), one: new Map() };

  /** @param work what is run: passes of one name take the same time where nothing else runs */
  next(work: string): Threads {
    const usual = this.#isAlone ? 'one' : 'all';
    const other = this.#isAlone ? 'all' : 'one';
    if (this.#rest > 0 || !this.#last[usual].has(work)) return usual;
    return this.#isAlone || this.#isCrowded() ? other : usual;
  }

  /** @param milliseconds that the pass took */
  note(work: string, threads: Threads, milliseconds: number): void {
    this.#rest = Math.max(0, this.#rest - 1);
    const usual = this.#isAlone ? 'one' : 'all';
    if (threads === 'all') this.#look(work, milliseconds);
    if (threads !== usual) {
      this.#rest = RETRY_EVERY;
      if (milliseconds < (this.#last[usual].get(work) ?? 0)) this.#isAlone = threads === 'one';
      this.#isSlow = [];
    }
    this.#last[threads].set(work, milliseconds);
  }

  #look(work: string, milliseconds: number): void {
    const fastest = Math.min(this.#fastest.get(work) ?? milliseconds, milliseconds);
    this.#fastest.set(work, fastest);
    this.#isSlow = [...this.#isSlow, milliseconds > Math.max(SLOW * fastest, fastest + SLOW_BY)].slice(-WINDOW);
  }

  #isCrowded(): boolean {
    return this.#isSlow.filter(Boolean).length >= SLOW_OF_WINDOW;
  }
}

/**
 * A session that runs on all threads or on one.
 * @param name of the network among those that share the choice
 * @param openAlone opens the same network on one thread, when it is first wanted. Where that fails all threads go on.
 */
export function chosenSession(
  name: string,
  whole: Session,
  openAlone: () => Promise<Session>,
  choice: ThreadChoice,
): Session {
  let alone: Promise<Session | undefined> | undefined;
  return {
    ...whole,
    async run(feeds, wanted) {
      const work = `${name} ${sizesOf(feeds)}`;
      const isAlone = choice.next(work) === 'one';
      if (isAlone) alone ??= openAlone().catch(() => undefined);
      const single = isAlone ? await alone : undefined;
      const start = performance.now();
      const fetched = await (single ?? whole).run(feeds, wanted);
      choice.note(work, single ? 'one' : 'all', performance.now() - start);
      return fetched;
    },
    async release() {
      await Promise.all([whole.release(), alone?.then((session) => session?.release())]);
    },
  };
}

const sizesOf = (feeds: Feeds): string =>
  Object.values(feeds)
    .map(({ dims }) => dims.join('×'))
    .join();
