/** Visual Genome's separate files (objects.json, relationships.json, attributes.json) → one record per image, joined by image_id. */
import * as v from 'valibot';
import { boundedArray, FILE_BOUNDS, idSchema, listSchema, parseWith } from '#graph/files/checks/file-schema.ts';
import { GraphFormatError } from '#graph/files/checks/graph-format-error.ts';
import type { LeftOut } from '#graph/files/checks/left-out.ts';

const visualGenomeParts = ['objects', 'relationships', 'attributes'] as const;
export type VisualGenomePart = (typeof visualGenomeParts)[number];

export interface PartFile {
  /** Stands before the path in messages. */
  readonly name: string;
  readonly part: VisualGenomePart;
  readonly value: unknown;
}

export interface ImageRecord {
  readonly imageId: number;
  /** As readVisualGenome reads it. */
  readonly record: { readonly objects: readonly unknown[]; readonly relationships: readonly unknown[] };
}

const schemas = {
  objects: v.object({ image_id: idSchema, objects: listSchema }),
  relationships: v.object({ image_id: idSchema, relationships: listSchema }),
  attributes: v.object({ image_id: idSchema, attributes: listSchema }),
} as const;
const describedSchema = v.object({ object_id: idSchema, attributes: listSchema });

/** Which of the three a value is, by its first record; undefined for whole records and for anything else. */
export function partOf(value: unknown): VisualGenomePart | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first !== 'object' || first === null || !('image_id' in first)) return undefined;
  const held = visualGenomeParts.filter((part) => Array.isArray((first as Record<string, unknown>)[part]));
  return held.length === 1 ? held[0] : undefined;
}

interface Image {
  objects?: readonly unknown[];
  relationships: readonly unknown[];
  /** Entries of attributes.json, which name their objects as well. */
  described: readonly unknown[];
}

/**
 * Objects come from objects.json; without it from attributes.json, and without that from the ends of the relationships, which
 * all name them. A record at fault is skipped and told.
 * @throws GraphFormatError with file name and path, when no record can be read
 */
export function joinVisualGenome(files: readonly PartFile[], leftOut: LeftOut): readonly ImageRecord[] {
  const images = new Map<number, Image>();
  let firstFault: GraphFormatError | undefined;
  for (const { name, part, value } of files) {
    const list = parseWith(boundedArray(v.unknown(), FILE_BOUNDS.graphs), Array.isArray(value) ? value : [value], name);
    for (const [i, item] of list.entries()) {
      try {
        addRecord(images, parseWith(schemas[part], item, `${name}[${i}]`));
      } catch (error) {
        if (!(error instanceof GraphFormatError)) throw error;
        firstFault ??= error;
        leftOut.add(() => `${error.message}; this record was skipped`, 'record: cannot be read');
      }
    }
  }
  if (images.size === 0 && firstFault) throw firstFault;
  const hasObjects = files.some(({ part }) => part === 'objects');
  const whole = [...images].filter(([, { objects }]) => !hasObjects || objects !== undefined);
  const lost = images.size - whole.length;
  if (lost > 0)
    leftOut.add(() => `${lost} images were left out: objects.json does not hold them`, 'image: has no objects');
  return whole.map(([imageId, image]) => ({ imageId, record: recordOf(image) }));
}

type PartRecord = { [Part in VisualGenomePart]: v.InferOutput<(typeof schemas)[Part]> }[VisualGenomePart];

function addRecord(images: Map<number, Image>, record: PartRecord): void {
  const image = images.get(record.image_id) ?? { relationships: [], described: [] };
  if ('objects' in record) image.objects = record.objects;
  else if ('relationships' in record) image.relationships = record.relationships;
  else image.described = record.attributes;
  images.set(record.image_id, image);
}

function recordOf({ objects, relationships, described }: Image): ImageRecord['record'] {
  const things = objects ?? (described.length > 0 ? described : endsOf(relationships));
  const attributes = new Map<unknown, readonly unknown[]>();
  for (const entry of described) {
    const parsed = v.safeParse(describedSchema, entry);
    if (parsed.success) attributes.set(parsed.output.object_id, parsed.output.attributes);
  }
  const complete = things.map((thing) => {
    const words = attributes.get(idOf(thing));
    return words ? { ...(thing as object), attributes: words } : thing;
  });
  return { objects: complete, relationships };
}

function endsOf(relationships: readonly unknown[]): readonly unknown[] {
  const ends = new Map<unknown, unknown>();
  for (const each of relationships) {
    if (typeof each !== 'object' || each === null) continue;
    const { subject, object } = each as { readonly subject?: unknown; readonly object?: unknown };
    for (const end of [subject, object]) if (idOf(end) !== undefined) ends.set(idOf(end), end);
  }
  return [...ends.values()];
}

const idOf = (thing: unknown): unknown =>
  typeof thing === 'object' && thing !== null && 'object_id' in thing ? thing.object_id : undefined;
