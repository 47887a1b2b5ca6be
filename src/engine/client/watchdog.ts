/**
 * Notices a worker that says nothing any more while it owes an answer. Computing in WASM keeps its ears shut for a whole step, so how long is too
 * long comes from its own pace: many times the longest silence between two of its messages so far.
 */

/** Milliseconds. */
export interface Patience {
  /** For an answer to a ping when the worker has nothing to do, and to Cancel. */
  readonly answer: number;
  /** The least that a silent worker is given once its pace is known. A machine with work for four cores takes eight times as long for a step. */
  readonly silence: number;
  /** Before its pace is known: a first step of Stable Diffusion in WASM takes minutes, and so may compiling it. */
  readonly first: number;
}

/** Of the longest silence so far. */
const TOO_LONG = 20;
const TOO_LONG_TO_CANCEL = 3;

export class Watchdog {
  readonly #patience: Patience;
  readonly #ping: () => void;
  readonly #onSilence: (wasCancelling: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;
  /** 0 until two steps have been heard of. */
  #longest = 0;
  #isCancelling = false;
  #isAsked = false;

  /** @param ping makes the worker answer as soon as it hears @param onSilence `wasCancelling`: its work was not wanted any more */
  constructor(patience: Patience, ping: () => void, onSilence: (wasCancelling: boolean) => void) {
    this.#patience = patience;
    this.#ping = ping;
    this.#onSilence = onSilence;
  }

  /** The worker owes an answer from here on. */
  start(): void {
    if (this.#timer === undefined) this.#wait();
  }

  /** It owes none any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isCancelling = false;
    this.#isAsked = false;
  }

  /** @param isStep a message that says its pace, between two of a kind */
  heard(isStep: boolean): void {
    const now = performance.now();
    if (isStep && this.#heardAt > 0) this.#longest = Math.max(this.#longest, now - this.#heardAt);
    this.#heardAt = isStep ? now : 0;
    if (this.#timer === undefined) return;
    this.stop();
    this.#wait();
  }

  /** Its pace is another one from here on: of another model. */
  forget(): void {
    this.#longest = 0;
    this.#heardAt = 0;
  }

  /** Its work is not wanted any more: it need not be waited for as long. */
  hurry(): void {
    if (this.#timer === undefined) return;
    this.stop();
    this.#isCancelling = true;
    this.#ping();
    this.#wait();
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#late(), this.#limit() / 2);
  }

  /** Half of it is given twice: after a sleep of the computer, or in a frozen tab, the timer comes before the messages that wait. */
  #late(): void {
    if (this.#isAsked) {
      const wasCancelling = this.#isCancelling;
      this.stop();
      this.#onSilence(wasCancelling);
      return;
    }
    this.#isAsked = true;
    this.#ping();
    this.#wait();
  }

  #limit(): number {
    const { answer, silence, first } = this.#patience;
    if (this.#isCancelling) return Math.max(answer, TOO_LONG_TO_CANCEL * this.#longest);
    return this.#longest === 0 ? first : Math.max(silence, TOO_LONG * this.#longest);
  }
}
