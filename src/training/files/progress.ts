/** How far a long count is: a bar with the time left on a terminal, a line now and then elsewhere. */
import { SingleBar } from 'cli-progress';

export interface Progress {
  update(ready: number, total: number): void;
  close(): void;
}

const SAY_EVERY_MS = 15_000;

/** Writes to standard error, so that standard output holds results alone. */
export function startProgress(name: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? barOn(stream, name) : linesOn(stream, name);
}

function barOn(stream: NodeJS.WriteStream, name: string): Progress {
  const format = `${name} {bar} {value} of {total} | {eta_formatted} left`;
  const bar = new SingleBar({ format, stream, hideCursor: true, etaBuffer: 50 });
  let isStarted = false;
  return {
    update(ready, total) {
      // What is there already would make the rest look faster than it is: the clock starts after it.
      if (isStarted) bar.update(ready);
      else bar.start(total, ready);
      isStarted = true;
    },
    close: () => bar.stop(),
  };
}

function linesOn(stream: NodeJS.WriteStream, name: string): Progress {
  let first: { readonly ready: number; readonly at: number } | undefined;
  let said = Number.NEGATIVE_INFINITY;
  return {
    update(ready, total) {
      const now = performance.now();
      first ??= { ready, at: now };
      if (now - said < SAY_EVERY_MS && ready < total) return;
      said = now;
      const pace = (ready - first.ready) / (now - first.at);
      const left = pace > 0 ? `, ${Math.ceil((total - ready) / pace / 1000)} s left` : '';
      stream.write(`${name}: ${ready} of ${total}${left}\n`);
    },
    close: () => undefined,
  };
}
