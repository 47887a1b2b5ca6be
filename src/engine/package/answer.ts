/** One question to a server, given up when its answer is no longer wanted, and when not a byte comes for a while. */

export interface FetchPatience {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which a server is given up. */
  readonly stallMs?: number | undefined;
}

/** A phone that changes cells is silent for ten seconds. */
const STALL_MS = 20_000;

/** The server took the connection and says nothing. */
export class StallError extends Error {
  override readonly name = 'StallError';

  constructor(milliseconds: number) {
    super(`the server sent nothing for ${milliseconds / 1000} s`);
  }
}

export interface Answer {
  readonly response: Response;
  /** Of the body. @throws StallError or the signal's reason */
  chunks(): AsyncGenerator<Uint8Array>;
  /** The body is not wanted. */
  drop(): void;
}

/** @throws StallError, the signal's reason, or fetch's TypeError */
export async function ask(
  url: string,
  init: Omit<RequestInit, 'signal'>,
  { signal, stallMs = STALL_MS }: FetchPatience = {},
): Promise<Answer> {
  signal?.throwIfAborted();
  const connection = new AbortController();

  // Told here, and not left to fetch: Node's leaves a read that comes after the abort waiting for ever.
  const within = <Result>(work: Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const giveUp = (reason: unknown) => {
        reject(reason);
        connection.abort(reason);
      };
      const stop = () => giveUp(signal?.reason);
      const timer = setTimeout(() => giveUp(new StallError(stallMs)), stallMs);
      signal?.addEventListener('abort', stop);
      void work.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
      });
    });

  const response = await within(fetch(url, { ...init, signal: connection.signal }));
  return {
    response,
    async *chunks() {
      const reader = response.body?.getReader();
      try {
        for (;;) {
          signal?.throwIfAborted();
          const { done, value } = (await (reader && within(reader.read()))) ?? { done: true, value: undefined };
          if (done) return;
          yield value;
        }
      } finally {
        connection.abort();
      }
    },
    drop: () => connection.abort(),
  };
}
