/**
 * Data sets that are published as graphs, prepared by the rules that sg2im has for Visual Genome: words that the train split uses often
 * enough, things and photographs that are large enough, graphs that are neither bare nor crowded.
 */
import { GraphFormatError } from '#graph/files/checks/graph-format-error.ts';
import { LeftOut } from '#graph/files/checks/left-out.ts';
import type { AnnotatedPicture } from '#graph/files/datasets/annotated-picture.ts';
import type { Box } from '#training/corpus/world/scene.ts';
import { describedByBoxes, shareOfPhotograph } from '#training/import/described-by-boxes.ts';
import {
  type DataSplit,
  type DescribedPicture,
  dataSplits,
  type ImportPlan,
  type PlannedPicture,
} from '#training/import/import-plan.ts';
import type { AnnotatedSet } from '#training/import/importable-sets.ts';
import { Tally } from '#training/import/tally.ts';
import { boundsReason, prepared, type WordThresholds } from '#training/import/thresholds.ts';
import { splitInOrder } from '#training/import/visual-genome/visual-genome-splits.ts';
import { type AnnotatedRecord, type AnnotatedSource, openAnnotated } from './annotated-sets.ts';

/** Of the held-out images so many validate, as of COCO; of small sets a half. */
const VALIDATION = 1024;

/** @throws ImportInputError when a file is missing or is not what it should be. */
export async function planAnnotated(
  set: AnnotatedSet,
  folder: string,
  thresholds: WordThresholds,
): Promise<ImportPlan> {
  const skipped = new Tally();
  const { regions, notes, records } = await openAnnotated[set](folder, skipped);
  const kept = await readAll(records, skipped);
  const splitOf = splitsOf(kept);
  const words = wordsOf(kept, splitOf, thresholds, skipped);
  const splits: Record<DataSplit, PlannedPicture[]> = { train: [], validation: [], test: [] };
  const isRegion = new Set(regions);
  for (const [id, { files, shape, annotated }] of kept) {
    const split = splitOf.get(id)!;
    const picture = fitted(annotated(), shape, words, skipped);
    const reason = shapeReason(shape) ?? boundsReason(picture.objects.length, picture.relations.length);
    if (reason !== undefined) skipped.add(`${split}: ${reason}`);
    else {
      const describe = (grid: number) => described(fitted(annotated(), shape, words), shape, isRegion, grid);
      splits[split].push({ id, files, shape, describe });
    }
  }
  const [labels, predicates, attributes] = [[...words.labels], [...words.predicates], [...words.attributes]];
  return {
    name: set,
    labels,
    regions: regions.filter((label, place) => words.labels.has(label) && regions.indexOf(label) === place),
    predicates,
    attributes,
    splits,
    skipped,
    notes,
  };
}

interface Kept extends Pick<AnnotatedRecord, 'split' | 'files' | 'shape'> {
  readonly annotated: () => AnnotatedPicture;
}

async function readAll(records: AnnotatedSource['records'], skipped: Tally): Promise<Map<number, Kept>> {
  const kept = new Map<number, Kept>();
  const leftOut = new LeftOut();
  for await (const { id, split, files, shape, read } of records) {
    if (id === undefined) skipped.add('record: without a number of its image');
    else if (kept.has(id)) skipped.add('record: second one of an image');
    else {
      try {
        // Bytes weigh a fraction of what objects do.
        const bytes = Buffer.from(JSON.stringify(read(leftOut)));
        kept.set(id, { split, files, shape, annotated: () => JSON.parse(bytes.toString()) as AnnotatedPicture });
      } catch (error) {
        if (!(error instanceof GraphFormatError)) throw error;
        skipped.add('record: cannot be read');
      }
    }
  }
  for (const [reason, times] of leftOut.reasons) skipped.add(reason, times);
  return kept;
}

/** As the set says; held-out images in their order; and where it says nothing, in the order of the ids. */
function splitsOf(kept: ReadonlyMap<number, Kept>): ReadonlyMap<number, DataSplit> {
  const ids = (split: Kept['split']) => [...kept].filter(([, each]) => each.split === split).map(([id]) => id);
  const splitOf = splitInOrder(ids(undefined).sort((a, b) => a - b));
  for (const split of dataSplits) for (const id of ids(split)) splitOf.set(id, split);
  const held = ids('held-out');
  const validation = Math.min(VALIDATION, Math.floor(held.length / 2));
  for (const [place, id] of held.entries()) splitOf.set(id, place < validation ? 'validation' : 'test');
  return splitOf;
}

interface Words {
  readonly labels: ReadonlySet<string>;
  readonly predicates: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
}

/** Most frequent first. */
function wordsOf(
  kept: ReadonlyMap<number, Kept>,
  splitOf: ReadonlyMap<number, DataSplit>,
  thresholds: WordThresholds,
  skipped: Tally,
): Words {
  const [labels, predicates, attributes] = [new Tally(), new Tally(), new Tally()];
  const trained = [...kept].filter(([id]) => splitOf.get(id) === 'train').map(([, each]) => each);
  for (const { annotated } of trained) {
    for (const object of annotated().objects) {
      labels.add(object.label);
      for (const attribute of object.attributes) attributes.add(attribute);
    }
  }
  const isLabel = new Set(labels.atLeast(thresholds.objects));
  for (const { annotated, shape } of trained) {
    const { objects, relations } = annotated();
    const isKept = objects.map((object) => objectReason(object, shape, isLabel) === undefined);
    for (const { subject, predicate, object } of relations) {
      if (isKept[subject] && isKept[object]) predicates.add(predicate);
    }
  }
  const isAttribute = new Set(attributes.atLeast(thresholds.attributes));
  for (const name of attributes.names()) {
    if (!isAttribute.has(name)) skipped.add('train: attribute is too rare', attributes.get(name));
  }
  return { labels: isLabel, predicates: new Set(predicates.atLeast(thresholds.predicates)), attributes: isAttribute };
}

/** What the vocabulary and the photograph hold of a picture. */
function fitted(
  { objects, relations }: AnnotatedPicture,
  shape: Kept['shape'],
  words: Words,
  skipped = new Tally(),
): AnnotatedPicture {
  const places = new Map<number, number>();
  const kept = objects.flatMap(({ label, attributes, box }, at) => {
    const reason = objectReason({ label, box }, shape, words.labels);
    if (reason !== undefined) {
      skipped.add(`object: ${reason}`);
      return [];
    }
    places.set(at, places.size);
    return [{ label, attributes: attributes.filter((attribute) => words.attributes.has(attribute)), box }];
  });
  const between = relations.flatMap(({ subject, predicate, object }) => {
    const [from, to] = [places.get(subject), places.get(object)];
    if (from === undefined || to === undefined) skipped.add('relation: of an object that was left out');
    else if (!words.predicates.has(predicate)) skipped.add('relation: its predicate is too rare');
    else return [{ subject: from, predicate, object: to }];
    return [];
  });
  return { objects: kept, relations: between };
}

type PlacedLabel = Pick<AnnotatedPicture['objects'][number], 'label' | 'box'>;

function objectReason({ label, box }: PlacedLabel, shape: Kept['shape'], labels: ReadonlySet<string>) {
  if (!labels.has(label)) return 'its name is too rare';
  if (!box || !shape) return undefined;
  if (Math.min(box[2] - box[0], box[3] - box[1]) < prepared.objectSide) return `below ${prepared.objectSide} pixels`;
  const [left, top, right, bottom] = shareOf(box, shape);
  return left < right && top < bottom ? undefined : 'outside of its photograph';
}

const shapeReason = (shape: Kept['shape']) =>
  shape && Math.min(shape.width, shape.height) < prepared.imageSide
    ? `image below ${prepared.imageSide} pixels`
    : undefined;

/** Of a thing whose place is not known, all of the photograph. */
const shareOf = (box: PlacedLabel['box'], shape: Kept['shape']): Box =>
  box && shape ? shareOfPhotograph(box, shape) : [0, 0, 1, 1];

/** What a set does not know to be a region stands before it. */
function described(
  { objects, relations }: AnnotatedPicture,
  shape: Kept['shape'],
  regions: ReadonlySet<string>,
  grid: number,
): DescribedPicture {
  const placed = objects.map(({ label, attributes, box }) => {
    const isGround = regions.has(label);
    return { label, attributes, box: shareOf(box, shape), depth: isGround ? 0 : 1, isGround };
  });
  return describedByBoxes(placed, relations, grid);
}
