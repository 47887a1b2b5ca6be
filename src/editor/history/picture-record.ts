/** The history: pictures that were painted, each with everything that made it. */

import * as v from 'valibot';
import type { GenerationResult } from '#engine/contract/protocol.ts';
import type { Recipe } from '#engine/contract/recipe.ts';

/** A recipe of this screen. */
export interface DocumentRecipe extends Recipe {
  /** Of which its graph is a version; earlier versions did not keep it. */
  readonly document?: string | undefined;
}

/** A sheet of variations or a sweep. */
export interface PictureGroup {
  readonly id: string;
  readonly title: string;
  /** What tells this picture from the others: "sheep left of tree", "Seed 8". */
  readonly caption: string;
}

/** A picture that was made, with everything that made it: clicking it restores graph, seed and settings. */
export interface PictureRecord extends DocumentRecipe {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Pictures of earlier versions came without their latent. */
  readonly result: Omit<GenerationResult, 'latent'> & Partial<Pick<GenerationResult, 'latent'>>;
  readonly starred: boolean;
  /** Given by the user. */
  readonly name?: string;
  /** Of pictures that were painted together, to choose from. */
  readonly group?: PictureGroup | undefined;
  /** The picture on screen when this one was made: pictures form a tree. Earlier versions did not keep it. */
  readonly parent?: string | null | undefined;
}

/** The document that a picture was painted of: only there do the ids of its graph mean the same objects. */
export const documentOf = ({ document, id }: PictureRecord): string => document ?? id;

/** What it goes by. */
export const titleOf = ({ name, group, settings }: PictureRecord): string =>
  name ?? group?.caption ?? `seed ${settings.seed}`;

/** A star or a name says that a picture is to stay. */
export const isKept = ({ starred, name }: PictureRecord): boolean => starred || name !== undefined;

/** How many pictures the strip keeps; the oldest without star and name go first. */
export const MAX_PICTURES = 200;

/** Ids that no longer fit: the oldest without star and name beyond the limit, never the newest. Records are newest first. */
export function overflow(records: readonly PictureRecord[], limit: number = MAX_PICTURES): string[] {
  const surplus = records.length - limit;
  if (surplus <= 0) return [];
  return records
    .filter((record, place) => place > 0 && !isKept(record))
    .slice(-surplus)
    .map((record) => record.id);
}

export const MAX_NAME = 80;

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** Where the verifier saw the objects, by id. */
export const sightingsSchema = v.record(
  v.string(),
  v.object({ box: v.tuple([share, share, share, share]), score: share }),
);
/** The screen reads all of it; whether a model can paint it is the engine's business. */
const graphSchema = v.object({
  objects: v.array(
    v.object({
      id: v.string(),
      label: v.string(),
      attributes: v.array(v.string()),
      position: v.object({ x: v.number(), y: v.number() }),
    }),
  ),
  relations: v.array(v.object({ id: v.string(), subject: v.string(), predicate: v.string(), object: v.string() })),
});
const settingsSchema = v.object({ seed: v.number(), steps: v.number(), guidanceScale: v.number() });
const recipeSchema = v.object({
  document: v.optional(v.string()),
  model: v.string(),
  graph: graphSchema,
  settings: settingsSchema,
  keep: v.optional(
    v.object({
      latent: v.instance(Float32Array),
      strength: v.number(),
      before: v.array(v.instance(Float32Array)),
      objects: v.array(v.string()),
      keepsWhole: v.optional(v.boolean()),
      fixed: v.optional(v.instance(Float32Array)),
      further: v.optional(v.number()),
    }),
  ),
  over: v.optional(v.object({ model: v.string(), settings: settingsSchema, strength: v.number() })),
});
const recordSchema = v.object({
  ...recipeSchema.entries,
  id: v.string(),
  createdAt: v.number(),
  result: v.object({
    picture: v.pipe(
      v.object({ width: side, height: side, pixels: v.instance(Uint8ClampedArray) }),
      v.check(({ width, height, pixels }) => pixels.length === 4 * width * height),
    ),
    attention: v.object({ objects: v.object({}), relations: v.object({}) }),
    verification: v.object({
      objects: v.object({}),
      relations: v.object({}),
      sightings: v.optional(sightingsSchema),
    }),
  }),
  starred: v.boolean(),
  name: v.optional(v.pipe(v.string(), v.maxLength(MAX_NAME))),
  group: v.optional(v.object({ id: v.string(), title: v.string(), caption: v.string() })),
  parent: v.nullish(v.string()),
});

/** Whether what a store gave back can be painted from. */
export const isRecipe = (recipe: unknown): recipe is DocumentRecipe => v.is(recipeSchema, recipe);

/** Whether what a store gave back is a picture that the screen can show; an earlier version or another page may have written it. */
export const isPictureRecord = (record: unknown): record is PictureRecord => v.is(recordSchema, record);
