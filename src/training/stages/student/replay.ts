/** Examples for the student out of a store of the teacher's pictures, the oldest of which make room for new ones. */
import type { NoiseSource } from '#diffusion/sampling/noise.ts';
import type { Lesson } from './teacher.ts';

/** Two guesses at one picture, from what both know of it (student-graph.ts). */
export interface Pair extends Lesson {
  readonly sigma: number;
  /** (C·h·w) what each is given. */
  readonly noisy: readonly [Float32Array, Float32Array];
}

export interface ReplaySettings {
  /** Lessons that are held: 33 kB each and S_cond. */
  readonly held: number;
  /** How many guesses are made at a picture on the average before a new one takes its place. */
  readonly uses: number;
}

/** Part of the noise's power that is the same for both guesses. The rest is theirs to choose by, where the picture is not decided yet. */
const COMMON = 0.5;

export class Replay {
  readonly #sigmas: readonly number[];
  readonly #more: () => Promise<readonly Lesson[]>;
  readonly #settings: ReplaySettings;
  readonly #random: NoiseSource;
  readonly #held: Lesson[] = [];
  #guesses = 0;
  #made = 0;

  /** @param sigmas noise levels of the student; @param more asks the teacher for some */
  constructor(
    sigmas: readonly number[],
    more: () => Promise<readonly Lesson[]>,
    settings: ReplaySettings,
    random: NoiseSource,
  ) {
    this.#sigmas = sigmas;
    this.#more = more;
    this.#settings = settings;
    this.#random = random;
  }

  async draw(pairs: number): Promise<Pair[]> {
    this.#guesses += 2 * pairs;
    while (this.#guesses > this.#made * this.#settings.uses) {
      const fresh = await this.#more();
      this.#held.push(...fresh);
      this.#made += fresh.length;
      this.#held.splice(0, Math.max(0, this.#held.length - this.#settings.held));
    }
    return Array.from({ length: pairs }, () => {
      const lesson = this.#held[this.#random.integer(this.#held.length)]!;
      const sigma = this.#sigmas[this.#random.integer(this.#sigmas.length)]!;
      const known = this.#noised(lesson.clean, sigma * Math.sqrt(COMMON));
      const guess = () => this.#noised(known, sigma * Math.sqrt(1 - COMMON));
      return { ...lesson, sigma, noisy: [guess(), guess()] };
    });
  }

  #noised(x: Float32Array, sigma: number): Float32Array {
    return x.map((value) => value + sigma * this.#random.normal());
  }
}
