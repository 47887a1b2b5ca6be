/** Where this machine keeps what can be made again: imported data, checkpoints, painted pictures. Machines that work together share it. */
import { isAbsolute, join, relative } from 'node:path';
import * as v from 'valibot';

export const cacheFolder = (): string => process.env.SGRAFFITO_CACHE ?? '.cache';

const project = join(import.meta.dirname, '../../..');

/** A path that means the same on every machine: below the shared folder or this project, which may lie elsewhere there. */
export type SharedPath = { readonly below: 'cache' | 'project' | 'root'; readonly path: string };

/** As a stranger may have written it. */
export const sharedPathSchema = v.object({
  below: v.picklist(['cache', 'project', 'root']),
  path: v.pipe(v.string(), v.maxLength(1000)),
});

const roots = { cache: cacheFolder, project: () => project, root: () => '/' } as const;

export function sharedPath(path: string): SharedPath {
  for (const below of ['cache', 'project'] as const) {
    const rest = relative(roots[below](), path);
    if (!rest.startsWith('..') && !isAbsolute(rest)) return { below, path: rest };
  }
  return { below: 'root', path: relative('/', path) };
}

/** @throws Error when it leads out of the folder that it is below */
export function pathHere({ below, path }: SharedPath): string {
  if (path.split(/[/\\]/).includes('..') || isAbsolute(path)) throw new Error(`"${path}" leads out of its folder`);
  return join(roots[below](), path);
}
