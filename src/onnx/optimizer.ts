/** Optimisers as pure pairs {init, update}, gradient clipping, weight averaging and learning-rate schedules. */

export type Tensors = ReadonlyMap<string, Float32Array>;

export interface AdamWOptions {
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Decoupled decay per step and unit learning rate; applied to tensors for which `decays` is true. */
  readonly weightDecay: number;
  readonly decays?: (name: string) => boolean;
}

export interface AdamWState {
  readonly step: number;
  readonly first: Tensors;
  readonly second: Tensors;
}

export interface Optimizer<State> {
  init(parameters: Tensors): State;
  /**
   * Updates `parameters` and the state's tensors in place (they are tens of megabytes) and returns the next state. A parameter without a
   * gradient stays what it is.
   * @param gradientScale multiplies every gradient: clipping without a pass of its own.
   */
  update(parameters: Tensors, gradients: Tensors, state: State, learningRate: number, gradientScale?: number): State;
}

/** AdamW: Loshchilov and Hutter 2019, algorithm 2. */
export function adamW(options: AdamWOptions): Optimizer<AdamWState> {
  const [beta1, beta2] = options.betas;
  return {
    init: (parameters) => ({ step: 0, first: zerosLike(parameters), second: zerosLike(parameters) }),
    update(parameters, gradients, state, learningRate, gradientScale = 1) {
      const step = state.step + 1;
      const correct1 = 1 / (1 - beta1 ** step);
      const correct2 = 1 / (1 - beta2 ** step);
      for (const [name, p] of parameters) {
        const g = gradients.get(name);
        const m = state.first.get(name);
        const v = state.second.get(name);
        if (!g) continue;
        if (!m || !v) throw new Error(`AdamW: no state for parameter ${name}`);
        const keep = 1 - (options.decays?.(name) === false ? 0 : learningRate * options.weightDecay);
        for (let i = 0; i < p.length; i++) {
          const gi = g[i]! * gradientScale;
          const mi = beta1 * m[i]! + (1 - beta1) * gi;
          const vi = beta2 * v[i]! + (1 - beta2) * gi * gi;
          m[i] = mi;
          v[i] = vi;
          p[i] = p[i]! * keep - (learningRate * mi * correct1) / (Math.sqrt(vi * correct2) + options.epsilon);
        }
      }
      return { step, first: state.first, second: state.second };
    },
  };
}

/** Euclidean norm of all gradients together. */
export function globalNorm(gradients: Tensors): number {
  let sum = 0;
  for (const g of gradients.values()) {
    for (let i = 0; i < g.length; i++) sum += g[i]! * g[i]!;
  }
  return Math.sqrt(sum);
}

/** Factor that brings gradients of a global norm down to `limit` (Pascanu et al. 2013); 1 when they are within it. */
export function clipScale(norm: number, limit: number): number {
  return norm > limit ? limit / norm : 1;
}

/** Moves the average towards the parameters in place: average ← decay·average + (1 − decay)·parameters. */
export function updateEma(average: Tensors, parameters: Tensors, decay: number): void {
  for (const [name, a] of average) {
    const p = parameters.get(name);
    if (!p) throw new Error(`EMA: no parameter ${name}`);
    for (let i = 0; i < a.length; i++) a[i] = decay * a[i]! + (1 - decay) * p[i]!;
  }
}

/** EMA decay that starts small, so that early averages forget the initial weights: min(decay, (1 + step)/(10 + step)). */
export function emaDecay(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

/** Linear warm-up over `warmup` steps. */
export function warmUp(step: number, warmup: number): number {
  return warmup <= 0 ? 1 : Math.min(1, (step + 1) / warmup);
}

/** Cosine from 1 at progress 0 to `floor` at progress 1 (Loshchilov and Hutter 2017). */
export function cosineDecay(progress: number, floor: number): number {
  const clamped = Math.min(1, Math.max(0, progress));
  return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * clamped));
}

export function zerosLike(tensors: Tensors): Map<string, Float32Array> {
  return new Map([...tensors].map(([name, data]) => [name, new Float32Array(data.length)]));
}

export function copyOf(tensors: Tensors): Map<string, Float32Array> {
  return new Map([...tensors].map(([name, data]) => [name, data.slice()]));
}
