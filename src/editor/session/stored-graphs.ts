/** The browser's list of graphs: every graph that was worked on here, as it is at last. Kept beside the sessions, and seen by all tabs. */
import * as v from 'valibot';
import { MAX_DOCUMENT_NAME } from '#editor/document/document-store.ts';
import { commit, type Database } from '#editor/storage/database.ts';
import { freshId } from '#editor/storage/fresh-id.ts';
import { parseSceneGraph } from '#graph/files/parse.ts';
import { isSameGraph } from '#graph/history.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { putAside } from './stored-session.ts';

export interface StoredGraph {
  readonly entry: string;
  /** Whose versions its pictures are painted of; two entries may have it in common, where two tabs went on from one graph. */
  readonly document: string;
  readonly name: string;
  readonly graph: SceneGraph;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
  /** Another one after each change of the graph. */
  readonly revision: string;
}

/** Before an entry's id, among the keys of the sessions. */
const GRAPH = 'graph:';
const ALL = () => IDBKeyRange.bound(GRAPH, `${GRAPH}\uffff`);

/** Nothing is thrown away to make room: what has no place is told, and stays in its tab's session. */
export const MOST_GRAPHS = 500;

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const entrySchema = v.object({
  document: id,
  name: v.pipe(v.string(), v.maxLength(MAX_DOCUMENT_NAME)),
  graph: v.unknown(),
  changedAt: v.pipe(v.number(), v.finite()),
  revision: id,
});

/** @throws GraphFormatError or ValiError for what is no entry of the list */
export function parseStoredGraph(entry: string, stored: unknown): StoredGraph {
  const { graph, ...facts } = v.parse(entrySchema, stored);
  return { ...facts, entry, graph: parseSceneGraph(graph) };
}

/** The one changed last first. What cannot be read is put aside as it is, and offered at the next start. */
export async function readGraphs(db: Database): Promise<readonly StoredGraph[]> {
  const { store } = db.transaction('session');
  const [keys, values] = await Promise.all([store.getAllKeys(ALL()), store.getAll(ALL())]);
  const graphs: StoredGraph[] = [];
  for (const [i, key] of keys.entries()) {
    try {
      graphs.push(parseStoredGraph(key.slice(GRAPH.length), values[i]));
    } catch {
      await putAside(db, key, values[i], undefined);
    }
  }
  return graphs.sort((a, b) => b.changedAt - a.changedAt);
}

/** @returns undefined where nothing that can be read is there */
export async function readGraph(db: Database, entry: string): Promise<StoredGraph | undefined> {
  const stored = await db.get('session', GRAPH + entry);
  try {
    return stored === undefined ? undefined : parseStoredGraph(entry, stored);
  } catch {
    await putAside(db, GRAPH + entry, stored, undefined);
    return undefined;
  }
}

/** Over what is there. */
export async function writeGraph(db: Database, { entry, ...stored }: StoredGraph): Promise<void> {
  const transaction = db.transaction('session', 'readwrite');
  void transaction.store.put(stored, GRAPH + entry);
  await commit(transaction);
}

export async function deleteGraph(db: Database, entry: string): Promise<void> {
  const transaction = db.transaction('session', 'readwrite');
  void transaction.store.delete(GRAPH + entry);
  await commit(transaction);
}

/** What is on the canvas of a tab. */
export interface GraphOnCanvas extends Pick<StoredGraph, 'document' | 'name' | 'graph'> {
  /** The entry and version that it goes on from; undefined where the tab knows of none. */
  readonly kept: Pick<StoredGraph, 'entry' | 'revision'> | undefined;
}

export class GraphListFullError extends Error {
  override readonly name = 'GraphListFullError';
}

/** Why it is kept: a session brought it back, it came onto the canvas (as by a picture of the history), it was named, or changed. */
export type Occasion = 'begun' | 'arrived' | 'named' | 'changed';

/**
 * Where a graph belongs: over the version that it goes on from. Where another tab has gone on from there meanwhile, an entry of its own, so that
 * neither is lost; and what nobody has changed yet is written over no other version.
 * @param stored what is at its entry
 * @param isWorth whether it is kept where nothing of it is yet
 */
export function placeFor(
  stored: StoredGraph | undefined,
  { graph, name, kept }: GraphOnCanvas,
  occasion: Occasion,
  isWorth: boolean,
): 'nowhere' | 'there already' | 'over' | 'new' | 'apart' {
  if (!stored) return isWorth ? 'new' : 'nowhere';
  if (isSameGraph(stored.graph, graph)) {
    return stored.name === name || occasion === 'begun' || occasion === 'arrived' ? 'there already' : 'over';
  }
  if (occasion === 'arrived') return 'nowhere';
  if (stored.revision === kept?.revision) return 'over';
  return occasion === 'changed' ? 'apart' : 'nowhere';
}

/**
 * Writes a graph where it belongs.
 * @returns what it goes on from next; undefined where nothing is kept of it
 * @throws GraphListFullError where a new entry has no place
 */
export async function keepGraph(
  db: Database,
  canvas: GraphOnCanvas,
  occasion: Occasion,
  isWorth: boolean,
): Promise<{ readonly entry: string; readonly revision: string } | undefined> {
  const { document, name, graph, kept } = canvas;
  const entry = kept?.entry ?? document;
  // One transaction: no tab writes between what is read and what is written.
  const transaction = db.transaction('session', 'readwrite');
  const { store } = transaction;
  const put = (to: string, revision: string) => {
    void store.put({ document, name, graph, changedAt: Date.now(), revision }, GRAPH + to);
    return { entry: to, revision };
  };
  const add = async (to: string) => {
    if ((await store.count(ALL())) >= MOST_GRAPHS) throw new GraphListFullError('The list of graphs is full.');
    return put(to, freshId());
  };
  try {
    const found: unknown = await store.get(GRAPH + entry);
    const stored = parsed(entry, found);
    // What cannot be read is put aside when the list is read next; until then it is not written over.
    if (found !== undefined && !stored) return occasion === 'changed' ? await add(freshId()) : undefined;
    const place = placeFor(stored, canvas, occasion, isWorth);
    switch (place) {
      case 'nowhere':
        return undefined;
      case 'there already':
        return { entry, revision: stored!.revision };
      case 'over':
        return put(entry, isSameGraph(stored!.graph, graph) ? stored!.revision : freshId());
      case 'new':
        return await add(entry);
      case 'apart':
        return await add(freshId());
      default:
        return place satisfies never;
    }
  } finally {
    await transaction.done;
  }
}

function parsed(entry: string, stored: unknown): StoredGraph | undefined {
  try {
    return parseStoredGraph(entry, stored);
  } catch {
    return undefined;
  }
}
