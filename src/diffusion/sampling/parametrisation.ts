/**
 * What a network's output F means, defined once for the loss and for the sampler:
 *
 *   denoised = skip · x + out · F(in · x, timestep),   x = x0 + sigma · noise
 *
 * (Karras et al. 2022, equation 7). sigma_data is the standard deviation of x0; `in` brings the network's input to unit variance.
 */

export const parametrisationNames = ['edm', 'epsilon', 'v', 'x0', 'flow'] as const;
export type ParametrisationName = (typeof parametrisationNames)[number];

export interface Coefficients {
  readonly skip: number;
  readonly out: number;
  readonly in: number;
  /** What the network is told of sigma (c_noise). */
  readonly timestep: number;
}

export interface Parametrisation {
  readonly name: ParametrisationName;
  /** @param sigma > 0 */
  coefficients(sigma: number): Coefficients;
  /** What the network reads: in · (x0 + sigma · noise). All arrays have the length of one latent. */
  trainingInput(x0: Float32Array, noise: Float32Array, sigma: number): Float32Array<ArrayBuffer>;
  /** What the network should say: F = (x0 − skip · x) / out. */
  trainingTarget(x0: Float32Array, noise: Float32Array, sigma: number): Float32Array<ArrayBuffer>;
}

/** One contract for every sampler: the picture that the noisy x most likely was. x and the result have the length of one latent. */
export type Denoise = (x: Float32Array, sigma: number) => Promise<Float32Array>;

/**
 * @param sigmaData standard deviation of the clean latents, > 0; "flow" has no use for it and takes unit noise as it is
 * @param timestepOf what the network is told of sigma, where it was trained on numbered steps; the parametrisation's own measure otherwise
 */
export function createParametrisation(
  name: ParametrisationName,
  sigmaData: number,
  timestepOf?: (sigma: number) => number,
): Parametrisation {
  const own = coefficientsOf(name, sigmaData);
  const coefficients = timestepOf ? (sigma: number) => ({ ...own(sigma), timestep: timestepOf(sigma) }) : own;
  return {
    name,
    coefficients,
    trainingInput(x0, noise, sigma) {
      const c = coefficients(sigma);
      return x0.map((clean, i) => c.in * (clean + sigma * noise[i]!)) as Float32Array<ArrayBuffer>;
    },
    trainingTarget(x0, noise, sigma) {
      const c = coefficients(sigma);
      return x0.map((clean, i) => (clean - c.skip * (clean + sigma * noise[i]!)) / c.out) as Float32Array<ArrayBuffer>;
    },
  };
}

function coefficientsOf(name: ParametrisationName, sigmaData: number): (sigma: number) => Coefficients {
  const norm = (sigma: number) => Math.sqrt(sigma * sigma + sigmaData * sigmaData);
  const logTime = (sigma: number) => Math.log(sigma) / 4;
  switch (name) {
    // Karras et al. 2022, table 1: F has unit variance at every sigma.
    case 'edm':
      return (sigma) => ({
        skip: (sigmaData / norm(sigma)) ** 2,
        out: (sigma * sigmaData) / norm(sigma),
        in: 1 / norm(sigma),
        timestep: logTime(sigma),
      });
    // Ho et al. 2020: F is the noise.
    case 'epsilon':
      return (sigma) => ({ skip: 1, out: -sigma, in: 1 / norm(sigma), timestep: logTime(sigma) });
    // Salimans and Ho 2022: F = α · noise − σ · x0 / sigma_data on the unit circle; edm's with the sign turned.
    case 'v':
      return (sigma) => ({
        skip: (sigmaData / norm(sigma)) ** 2,
        out: -(sigma * sigmaData) / norm(sigma),
        in: 1 / norm(sigma),
        timestep: logTime(sigma),
      });
    case 'x0':
      return (sigma) => ({ skip: 0, out: 1, in: 1 / norm(sigma), timestep: logTime(sigma) });
    // Liu et al. 2022 (rectified flow): F = noise − x0 on the line x_t = (1 − t) · x0 + t · noise, t = sigma / (1 + sigma).
    case 'flow':
      return (sigma) => ({
        skip: 1 / (1 + sigma),
        out: -sigma / (1 + sigma),
        in: 1 / (1 + sigma),
        timestep: sigma / (1 + sigma),
      });
    default:
      return name satisfies never;
  }
}
