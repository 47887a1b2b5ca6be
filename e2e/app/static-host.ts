/** The plainest of static hosts: files from a folder under a sub-path, no special headers, no answer beside its files. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface StaticHost {
  /** Address of the folder, with a slash at the end. */
  readonly url: string;
  /** What it serves from now on: another release. */
  folder: string;
  /** A page that answers everything, as a captive portal does. */
  portal: string | undefined;
  close(): Promise<void>;
}

/** @param extra headers of every answer */
export async function serveFolder(
  folder: string,
  path: string,
  extra: Readonly<Record<string, string>> = {},
): Promise<StaticHost> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const inside = pathname.startsWith(path) ? normalize(decodeURIComponent(pathname.slice(path.length))) : '..';
    const file = join(host.folder, inside === '.' || inside === '' ? 'index.html' : inside);
    const isOutside = inside.startsWith('..') || inside.startsWith(sep);
    const body = host.portal ?? (isOutside ? undefined : await readFile(file).catch(() => undefined));
    const type = host.portal ? 'text/html' : (types[extname(file)] ?? 'application/octet-stream');
    response.writeHead(body ? 200 : 404, { ...extra, ...(body && { 'Content-Type': type }) });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const host: StaticHost = {
    url: `http://localhost:${port}${path}`,
    folder,
    portal: undefined,
    close: () => close(server),
  };
  return host;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
