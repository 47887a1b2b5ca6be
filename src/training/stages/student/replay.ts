/** Examples for the student out of a store of the teacher's trajectories, the oldest of which make room for new ones. */
import type { NoiseSource } from '#diffusion/sampling/noise.ts';
import { denoisedBetween, type Trajectory } from './teacher.ts';

/** One pass of the student. */
export interface Example extends Pick<Trajectory, 'conditioning'> {
  readonly sigma: number;
  /** (C·h·w) what it is given, and what it should make of it. */
  readonly x: Float32Array;
  readonly denoised: Float32Array;
}

export interface ReplaySettings {
  /** Trajectories that are held: 100 kB each and S_cond. */
  readonly held: number;
  /** How often a trajectory is drawn from on the average before a new one takes its place. */
  readonly uses: number;
  /** The first pass that asks for the clean latent: fresh noise leads on from it. */
  readonly freshFrom: number;
}

export class Replay {
  readonly #levels: readonly number[];
  readonly #more: () => Promise<readonly Trajectory[]>;
  readonly #settings: ReplaySettings;
  readonly #random: NoiseSource;
  readonly #held: Trajectory[] = [];
  #drawn = 0;
  #made = 0;

  /** @param levels noise levels of the student, falling; @param more asks the teacher for some */
  constructor(
    levels: readonly number[],
    more: () => Promise<readonly Trajectory[]>,
    settings: ReplaySettings,
    random: NoiseSource,
  ) {
    this.#levels = levels;
    this.#more = more;
    this.#settings = settings;
    this.#random = random;
  }

  async draw(count: number): Promise<Example[]> {
    while (this.#drawn + count > this.#made * this.#settings.uses) {
      const fresh = await this.#more();
      this.#held.push(...fresh);
      this.#made += fresh.length;
      this.#held.splice(0, Math.max(0, this.#held.length - this.#settings.held));
    }
    this.#drawn += count;
    return Array.from({ length: count }, () => {
      const { conditioning, stations } = this.#held[this.#random.integer(this.#held.length)]!;
      const pass = this.#random.integer(this.#levels.length);
      const [sigma, next] = [this.#levels[pass]!, this.#levels[pass + 1] ?? 0];
      const x = stations[pass]!;
      const isFresh = pass >= this.#settings.freshFrom;
      const denoised = isFresh ? stations.at(-1)! : denoisedBetween(x, sigma, stations[pass + 1]!, next);
      return { conditioning, sigma, x, denoised };
    });
  }
}
