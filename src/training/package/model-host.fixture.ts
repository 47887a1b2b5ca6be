/**
 * A model hub on this machine: `OWNER/NAME/resolve/main/PATH` with byte ranges, and the list of files with their SHA-256. It can be told
 * to drop connections, and to fall silent.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface ModelHost {
  /** With a slash at the end. */
  readonly url: string;
  /** What was asked for, in order: "GET someone/tiny-sd/resolve/main/unet/model.onnx bytes=10-". */
  readonly requests: string[];
  /** The next answers for paths that end like this are cut after so many bytes. */
  cut(path: string, afterBytes: number, times: number): void;
  /** The next answers for paths that end like this fall silent after so many bytes; without a number not even their head is sent. */
  stall(path: string, afterBytes: number | undefined, times: number): void;
  close(): Promise<void>;
}

interface Fault {
  readonly path: string;
  readonly afterBytes: number | undefined;
  readonly ending: 'cut' | 'silence';
  times: number;
}

/** @param models folders by their names, "someone/tiny-sd" */
export async function serveModels(models: Readonly<Record<string, string>>): Promise<ModelHost> {
  const requests: string[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(crossOrigin)) response.setHeader(name, value);
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname.slice(1));
    requests.push([request.method, path, request.headers.range].filter(Boolean).join(' '));
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end();
      return;
    }
    const fault = faultFor(faults, request, path);
    if (fault && fault.afterBytes === undefined) return;
    const listed = /^api\/models\/([^/]+\/[^/]+)\/tree\/main$/.exec(path)?.[1];
    const [, name = '', file = ''] = /^([^/]+\/[^/]+)\/resolve\/main\/(.+)$/.exec(path) ?? [];
    const listing = listed === undefined ? undefined : models[listed];
    const folder = models[name];
    if (listing !== undefined) response.end(JSON.stringify(listOf(listing)));
    else if (folder !== undefined) sendFile(request, response, join(folder, file), fault);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/`,
    requests,
    cut: (path, afterBytes, times) => faults.push({ path, afterBytes, times, ending: 'cut' }),
    stall: (path, afterBytes, times) => faults.push({ path, afterBytes, times, ending: 'silence' }),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const crossOrigin = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Expose-Headers': 'ETag, Content-Range',
};

function faultFor(faults: readonly Fault[], { method }: IncomingMessage, path: string): Fault | undefined {
  const isMeant = ({ path: end, times, afterBytes }: Fault) =>
    times > 0 && path.endsWith(end) && (method === 'GET' || afterBytes === undefined);
  const fault = faults.find(isMeant);
  if (fault) fault.times--;
  return fault;
}

function listOf(folder: string): object[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return paths.map((path) => {
    const bytes = readFileSync(join(folder, path));
    const lfs = { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
    return { type: 'file', path, size: bytes.length, ...(/onnx/.test(path) && { lfs }) };
  });
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: string, fault: Fault | undefined): void {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    response.writeHead(404).end();
    return;
  }
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const rest = bytes.subarray(start);
  const range = start > 0 ? { 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(start > 0 ? 206 : 200, { 'Content-Length': rest.length, 'Accept-Ranges': 'bytes', ...range });
  if (request.method === 'HEAD') response.end();
  else if (fault?.afterBytes === undefined || fault.afterBytes >= rest.length) response.end(rest);
  else if (fault.ending === 'silence') response.write(rest.subarray(0, fault.afterBytes));
  else if (fault.afterBytes === 0) response.destroy();
  else response.write(rest.subarray(0, fault.afterBytes), () => setTimeout(() => response.destroy(), 300));
}
