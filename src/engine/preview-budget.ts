/** Previews may take this share of a picture's time. */
const SHARE = 0.2;

/** Decides by the clock when the next preview is affordable; never what the picture looks like. */
export class PreviewBudget {
  readonly #now: () => number;
  #started = 0;
  #spent = 0;
  #lastCost: number | undefined;

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A new picture begins. */
  start(): void {
    this.#started = this.#now();
    this.#spent = 0;
  }

  /** Runs the work when it is affordable. The first one ever is assumed to cost a tenth of the time so far. */
  async spend<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    const before = this.#now();
    const elapsed = before - this.#started;
    const expected = this.#lastCost ?? elapsed / 10;
    if (this.#spent + expected > SHARE * (elapsed + expected)) return undefined;
    const result = await work();
    this.#lastCost = this.#now() - before;
    this.#spent += this.#lastCost;
    return result;
  }
}
