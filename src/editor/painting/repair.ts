/**
 * Repair: a node or an edge that was not found in the picture is painted until it is there. First by other seeds, then by painting anew only where it
 * should be in the best picture so far. What is found must be seen again by another look, and the picture must not be worse in the rest.
 */
import { create } from 'zustand';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { settingBounds } from '#engine/contract/generation-settings.ts';
import type { Inpainting, Verdict, Verification } from '#engine/contract/protocol.ts';
import type { Box } from '#graph/places/geometry.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { namesOf } from '#graph/words/describe.ts';
import { cancelGeneration, type PaintOrder, type PaintOutcome, paint, showPainted, verifyAgain } from './engine.ts';
import { tally } from './findings.ts';

/** A node or an edge. */
export interface RepairTarget {
  readonly type: 'object' | 'relation';
  readonly id: string;
}

/** What one look saw of it. */
export interface Look {
  readonly verdict: Verdict;
  /** In [0, 1], of the end that is seen less surely; undefined where an end is not seen. */
  readonly score: number | undefined;
  /** Of the things that it is about, where they are seen. */
  readonly boxes: readonly Box[];
}

export interface RepairTry {
  readonly way: RepairWay;
  readonly record: PictureRecord;
  readonly first: Look;
  /** Undefined where the first gave no reason for it. */
  readonly second: Look | undefined;
  /** Found, but with more of the rest lost than was won. */
  readonly isWorse: boolean;
}

export type RepairWay = 'seed' | 'region';

/** Five pictures show whether chance alone can do it; of what is still not there, a region rarely needs more than four. */
export const TRIES = { seed: 5, region: 4 } as const;

export type RepairPhase =
  | { readonly type: 'painting' | 'looking'; readonly way: RepairWay; readonly seed: number }
  | { readonly type: 'found' | 'gave-up' | 'stopped' }
  | { readonly type: 'failed'; readonly message: string };

interface RepairState {
  /** In words: "sheep left of tree"; null while nothing is repaired. */
  name: string | null;
  phase: RepairPhase;
  tries: readonly RepairTry[];
  /** How many there may be. */
  most: number;
}

const NOTHING: RepairState = { name: null, phase: { type: 'stopped' }, tries: [], most: 0 };

export const useRepair = create<RepairState>()(() => NOTHING);

export interface RepairTools {
  readonly paint: (order: PaintOrder) => Promise<PaintOutcome>;
  readonly verifyAgain: (graph: SceneGraph, picture: PictureRecord['result']['picture']) => Promise<Verification>;
  /** The found picture becomes the one on the stage, and its recipe what Generate paints. */
  readonly show: (record: PictureRecord) => void;
}

const realTools: RepairTools = { paint, verifyAgain, show: showPainted };

let repairs = 0;

/** @param record the picture that lacks it */
export async function repair(record: PictureRecord, target: RepairTarget, tools = realTools): Promise<void> {
  const mine = ++repairs;
  const canKeep = regionOf(record, target) !== undefined;
  const ways: RepairWay[] = [
    ...Array<RepairWay>(TRIES.seed).fill('seed'),
    ...Array<RepairWay>(canKeep ? TRIES.region : 0).fill('region'),
  ];
  useRepair.setState({ name: nameOf(record.graph, target), tries: [], most: ways.length });
  const end = (phase: RepairPhase) => mine === repairs && useRepair.setState({ phase });
  let best = record;
  for (const [i, way] of ways.entries()) {
    const seed = (record.settings.seed + i + 1) % (settingBounds.seed.max + 1);
    useRepair.setState({ phase: { type: 'painting', way, seed } });
    const painted = await tools.paint(orderOf(way === 'region' ? best : record, way, seed, target));
    if (mine !== repairs) return;
    if (painted.type !== 'painted') {
      end(painted.type === 'failed' ? { type: 'failed', message: painted.message } : { type: 'stopped' });
      return;
    }
    useRepair.setState({ phase: { type: 'looking', way, seed } });
    const made = await judged(painted.record, record, target, way, tools).catch((error: unknown) => String(error));
    if (mine !== repairs) return;
    if (typeof made === 'string') {
      end({ type: 'failed', message: made });
      return;
    }
    useRepair.setState(({ tries }) => ({ tries: [...tries, made] }));
    if (made.second?.verdict === 'found') {
      tools.show(made.record);
      end({ type: 'found' });
      return;
    }
    if (foundIn(made.record) > foundIn(best)) best = made.record;
  }
  end({ type: 'gave-up' });
}

/** The picture on the stage stays. */
export function stopRepair(): void {
  if (!isRepairing(useRepair.getState().phase)) return;
  repairs++;
  cancelGeneration();
  useRepair.setState({ phase: { type: 'stopped' } });
}

export const isRepairing = ({ type }: RepairPhase): boolean => type === 'painting' || type === 'looking';

async function judged(
  record: PictureRecord,
  before: PictureRecord,
  target: RepairTarget,
  way: RepairWay,
  tools: RepairTools,
): Promise<RepairTry> {
  const { graph, result } = record;
  const first = lookOf(graph, target, result.verification);
  const isWorse = foundIn(record) <= foundIn(before);
  const isSeen = first.verdict === 'found' && !isWorse;
  const second = isSeen ? lookOf(graph, target, await tools.verifyAgain(graph, result.picture)) : undefined;
  return { way, record, first, second, isWorse };
}

function orderOf(from: PictureRecord, way: RepairWay, seed: number, target: RepairTarget): PaintOrder {
  const { graph, document, settings } = from;
  const keep = way === 'region' ? regionOf(from, target) : undefined;
  return { graph, document, settings: { ...settings, seed }, ...(keep && { keep }) };
}

/** Only what it is about is painted anew; undefined for a picture that did not keep what this needs. */
function regionOf({ graph, result }: PictureRecord, target: RepairTarget): Inpainting | undefined {
  const objects = endsOf(graph, target);
  const before = objects.flatMap((id) => result.attention.objects[id] ?? []);
  if (!result.latent || before.length < objects.length) return undefined;
  return { latent: result.latent.slice(), strength: 1, before, objects };
}

function lookOf(graph: SceneGraph, target: RepairTarget, { objects, relations, sightings }: Verification): Look {
  const seen = endsOf(graph, target).map((id) => sightings?.[id]);
  const boxes = seen.flatMap((sighting) => (sighting ? [sighting.box] : []));
  const scores = seen.flatMap((sighting) => (sighting ? [sighting.score] : []));
  const verdict = (target.type === 'object' ? objects : relations)[target.id] ?? 'missing';
  return { verdict, score: scores.length === seen.length ? Math.min(...scores) : undefined, boxes };
}

/** Ids of the objects that it is about. */
function endsOf({ relations }: SceneGraph, { type, id }: RepairTarget): readonly string[] {
  if (type === 'object') return [id];
  return relations.filter((relation) => relation.id === id).flatMap(({ subject, object }) => [subject, object]);
}

function nameOf(graph: SceneGraph, { type, id }: RepairTarget): string {
  const names = namesOf(graph);
  if (type === 'object') return names.get(id) ?? '';
  const relation = graph.relations.find((each) => each.id === id);
  return relation ? `${names.get(relation.subject)} ${relation.predicate} ${names.get(relation.object)}` : '';
}

const foundIn = ({ result: { verification } }: PictureRecord): number =>
  tally(verification.objects).found + tally(verification.relations).found;
