/** Time in ONNX Runtime's own sessions, told from everything around them. */

/** Names of the networks that a clock tells apart, by an output that only they have. */
const networks = { 'graph encoder': 's_cond', denoiser: 'prediction', decoder: 'image', verifier: 'presence' } as const;
export type NetworkName = keyof typeof networks;

interface OrtSession {
  readonly outputNames: readonly string[];
  run(...values: never[]): Promise<unknown>;
}

interface SessionClass {
  create(...values: never[]): Promise<OrtSession>;
}

export interface Lap {
  readonly milliseconds: Readonly<Record<NetworkName, number>>;
  readonly runs: Readonly<Record<NetworkName, number>>;
}

export interface SessionClock {
  /** What the sessions took since the last lap. */
  lap(): Lap;
}

/**
 * Has every session that is created from here on measured. It takes hold of ONNX Runtime's own class, for bench alone: the engine that is measured
 * is the one that ships.
 * @param classes InferenceSession of onnxruntime-node, or of each instance of onnxruntime-web
 */
export function clockSessions(...classes: readonly SessionClass[]): SessionClock {
  const zero = () => ({ 'graph encoder': 0, denoiser: 0, decoder: 0, verifier: 0 });
  let milliseconds = zero();
  let runs = zero();
  for (const sessions of classes) {
    const create = sessions.create.bind(sessions);
    sessions.create = async (...values) => {
      const session = await create(...values);
      const name = (Object.keys(networks) as NetworkName[]).find((each) =>
        session.outputNames.includes(networks[each]),
      );
      const run = session.run.bind(session);
      session.run = async (...feeds) => {
        const start = performance.now();
        try {
          return await run(...feeds);
        } finally {
          if (name) {
            milliseconds[name] += performance.now() - start;
            runs[name]++;
          }
        }
      };
      return session;
    };
  }
  return {
    lap() {
      const lap = { milliseconds, runs };
      milliseconds = zero();
      runs = zero();
      return lap;
    },
  };
}
