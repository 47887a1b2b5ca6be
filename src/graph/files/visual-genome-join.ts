/** Visual Genome's separate files (objects.json, relationships.json, attributes.json) → one record per image, joined by image_id. */
import * as v from 'valibot';
import { boundedArray, FILE_BOUNDS, parseWith } from './file-schema.ts';

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
  /** As importVisualGenome reads it. */
  readonly record: { readonly objects: readonly unknown[]; readonly relationships: readonly unknown[] };
}

const id = v.pipe(v.number('must be a number'), v.integer('must be a whole number'));
const entry = v.looseObject({ object_id: v.optional(id) }, 'must be an object with object_id');
const imageEntries = { image_id: id };
const schemas = {
  objects: v.object({ ...imageEntries, objects: boundedArray(entry, FILE_BOUNDS.objects) }),
  relationships: v.object({
    ...imageEntries,
    relationships: boundedArray(v.looseObject({ subject: v.unknown(), object: v.unknown() }), FILE_BOUNDS.relations),
  }),
  attributes: v.object({ ...imageEntries, attributes: boundedArray(entry, FILE_BOUNDS.objects) }),
} as const;

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
  described: readonly v.InferOutput<typeof entry>[];
}

/**
 * Objects come from objects.json; without it from attributes.json, and without that from the ends of the relationships, which
 * all name them.
 * @throws GraphFormatError with file name and path
 */
export function joinVisualGenome(files: readonly PartFile[]): {
  readonly records: readonly ImageRecord[];
  readonly warnings: readonly string[];
} {
  const images = new Map<number, Image>();
  for (const { name, part, value } of files) {
    const list = parseWith(boundedArray(v.unknown(), FILE_BOUNDS.graphs), Array.isArray(value) ? value : [value], name);
    for (const [i, item] of list.entries()) {
      const record = parseWith(schemas[part], item, `${name}[${i}]`);
      const image = images.get(record.image_id) ?? { relationships: [], described: [] };
      if ('objects' in record) image.objects = record.objects;
      else if ('relationships' in record) image.relationships = record.relationships;
      else image.described = record.attributes;
      images.set(record.image_id, image);
    }
  }
  const hasObjects = files.some(({ part }) => part === 'objects');
  const whole = [...images].filter(([, { objects }]) => !hasObjects || objects !== undefined);
  const lost = images.size - whole.length;
  return {
    records: whole.map(([imageId, image]) => ({ imageId, record: recordOf(image) })),
    warnings: lost === 0 ? [] : [`${lost} images were left out: objects.json does not hold them`],
  };
}

function recordOf({ objects, relationships, described }: Image): ImageRecord['record'] {
  const things = objects ?? (described.length > 0 ? described : endsOf(relationships));
  const attributes = new Map(described.map(({ object_id, attributes: words }) => [object_id, words]));
  const complete = things.map((thing) => {
    const words = attributes.get((thing as { readonly object_id?: number }).object_id);
    return Array.isArray(words) ? { ...(thing as object), attributes: words } : thing;
  });
  return { objects: complete, relationships };
}

function endsOf(relationships: readonly unknown[]): readonly unknown[] {
  const ends = relationships.flatMap((each) => {
    const { subject, object } = each as { readonly subject: unknown; readonly object: unknown };
    return [subject, object];
  });
  const idOf = (end: unknown) =>
    typeof end === 'object' && end !== null && 'object_id' in end ? end.object_id : undefined;
  return [...new Map(ends.filter((end) => idOf(end) !== undefined).map((end) => [idOf(end), end])).values()];
}
