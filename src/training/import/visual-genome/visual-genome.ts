/** Visual Genome as sg2im prepares it (google/sg2im, scripts/preprocess_vg.py): which images stay, with which objects and relations. */
import { join } from 'node:path';
import type { Box, PlacedRelation } from '#training/corpus/world/scene.ts';
import { describedByBoxes, shareOfPhotograph } from '#training/import/described-by-boxes.ts';
import { type DataSplit, dataSplits, type ImportPlan, type PlannedPicture } from '#training/import/import-plan.ts';
import { type OddWord, tidyLabel } from '#training/import/label.ts';
import { Tally } from '#training/import/tally.ts';
import { boundsReason, prepared, type WordThresholds } from '#training/import/thresholds.ts';
import {
  type ImageRow,
  type ObjectRows,
  type RelationRows,
  readAliasFile,
  readAttributes,
  readImages,
  readObjects,
  readRelationships,
  Words,
} from './visual-genome-files.ts';
import { visualGenomeSplits } from './visual-genome-splits.ts';

const MAX_ATTRIBUTES = 30;

/** @throws ImportInputError when a file is missing or is not what it should be. */
export async function planVisualGenome(folder: string, thresholds: WordThresholds): Promise<ImportPlan> {
  const skipped = new Tally();
  const objectAliases = readAliasFile(folder, 'object_alias.txt');
  const predicateAliases = readAliasFile(folder, 'relationship_alias.txt');
  const images = await readImages(folder, skipped);
  const { splitOf, note, isPublished } = visualGenomeSplits(folder, [...images.keys()]);
  const usable = usableImages(images, splitOf, skipped);

  const nameLists = new Words();
  const objects = await readObjects(folder, nameLists, skipped);
  const names = nameLists.list.map((list) => new Names(list, objectAliases));
  const labelCounts = new Tally();
  for (const { rows } of trained(usable, objects)) {
    for (const list of rows.names) for (const name of names[list]!.canonical) labelCounts.add(name);
  }
  const labels = labelCounts.atLeast(thresholds.objects);
  const isLabel = new Set(labels);
  const labelOfList = names.map(({ canonical }) => [...canonical].find((name) => isLabel.has(name)));

  const predicateWords = new Words();
  const relations = await readRelationships(folder, objects, predicateWords, skipped);
  const canonical = predicateWords.list.map((text) => new Names(text, predicateAliases));
  const reasonFor = (list: number) => (labelOfList[list] === undefined ? names[list]!.whyUnknown : undefined);
  const kept = new Map([...usable.keys()].map((id) => [id, keptPlaces(objects.get(id), reasonFor, skipped)]));
  const predicateCounts = new Tally();
  for (const { id, rows } of trained(usable, relations)) {
    const places = kept.get(id)!;
    for (let at = 0; at < rows.length; at += 3) {
      if (!places.has(rows[at]!) || !places.has(rows[at + 2]!)) continue;
      for (const predicate of canonical[rows[at + 1]!]!.canonical) predicateCounts.add(predicate);
    }
  }
  const predicates = predicateCounts.atLeast(thresholds.predicates);
  const isPredicate = new Set(predicates);

  const attributeWords = new Words();
  const attributes = await readAttributes(folder, objects, attributeWords, skipped);
  const attributeCounts = new Tally();
  for (const { rows } of trained(usable, attributes ?? new Map<number, Int32Array>())) {
    for (let at = 1; at < rows.length; at += 2) attributeCounts.add(attributeWords.list[rows[at]!]!);
  }
  const attributeList = attributeCounts.atLeast(thresholds.attributes);
  const isAttribute = new Set(attributeList);
  for (const name of attributeCounts.names()) {
    if (!isAttribute.has(name)) skipped.add('train: attribute is too rare', attributeCounts.get(name));
  }

  const splits: Record<DataSplit, PlannedPicture[]> = { train: [], validation: [], test: [] };
  for (const [id, split] of usable) {
    // sg2im brings predicates to their canonical form in the train split alone; to do it in the published test set would make another one.
    const isAsWritten = isPublished && split !== 'train';
    const predicateOf = (word: number) => {
      const [predicate = ''] = isAsWritten ? [predicateWords.list[word]!] : canonical[word]!.canonical;
      return isPredicate.has(predicate) ? predicate : undefined;
    };
    const known = (word: number) => (predicateOf(word) === undefined ? canonical[word]!.whyUnknown : undefined);
    const chosen = chosenRelations(relations.get(id), kept.get(id)!, known, skipped);
    const places = [...kept.get(id)!];
    const reason = boundsReason(places.length, chosen.length);
    if (reason !== undefined) {
      skipped.add(`${split}: ${reason}`);
      continue;
    }
    const rows = objects.get(id)!;
    const image = images.get(id)!;
    const relationsHere = withoutRepetition(
      chosen.map(([subject, word, object]) => ({
        subject: places.indexOf(subject),
        predicate: predicateOf(word)!,
        object: places.indexOf(object),
      })),
      skipped,
    );
    splits[split].push({
      id,
      files: [image.path, join('images', image.path)],
      shape: image,
      describe: (grid) =>
        describedByBoxes(
          places.map((place) => ({
            label: labelOfList[rows.names[place]!]!,
            attributes: attributesAt(attributes?.get(id), place, attributeWords, isAttribute),
            box: boxOf(rows, place, image),
            depth: 0,
            isGround: false,
          })),
          relationsHere,
          grid,
        ),
    });
  }
  const notes = [note, ...(attributes === undefined ? ['attributes.json is missing: objects have no attributes'] : [])];
  return { name: 'visual-genome', labels, regions: [], predicates, attributes: attributeList, splits, skipped, notes };
}

/** The words that an object or a relation was given, a line each, as the aliases have them. */
class Names {
  readonly canonical: ReadonlySet<string>;
  /** "its name is empty", where no word is in the vocabulary. */
  readonly whyUnknown: OddWord | 'is too rare';

  constructor(lines: string, aliases: ReadonlyMap<string, string>) {
    const tidied = lines.split('\n').map(tidyLabel);
    const words = tidied.flatMap((each) => ('word' in each ? [each.word] : []));
    this.canonical = new Set(words.map((word) => aliases.get(word) ?? word));
    const odd = tidied.find((each) => 'odd' in each);
    this.whyUnknown = words.length === 0 && odd ? odd.odd : 'is too rare';
  }
}

/** Annotators repeated themselves and related objects to themselves; sg2im counts such relations, and no graph needs them. */
function withoutRepetition(relations: readonly PlacedRelation[], skipped: Tally): PlacedRelation[] {
  const seen = new Set<string>();
  return relations.filter(({ subject, predicate, object }) => {
    const key = `${subject} ${predicate} ${object}`;
    if (subject === object) skipped.add('relation: of an object to itself');
    else if (seen.has(key)) skipped.add('relation: there already');
    else return seen.add(key);
    return false;
  });
}

/** Images of a split that are large enough, by id. */
function usableImages(
  images: ReadonlyMap<number, ImageRow>,
  splitOf: ReadonlyMap<number, DataSplit>,
  skipped: Tally,
): Map<number, DataSplit> {
  const usable = new Map<number, DataSplit>();
  for (const split of dataSplits) {
    for (const [id, itsSplit] of splitOf) {
      if (itsSplit !== split) continue;
      const image = images.get(id);
      if (image === undefined) skipped.add(`${split}: image not in image_data.json`);
      else if (Math.min(image.width, image.height) < prepared.imageSide)
        skipped.add(`${split}: image below ${prepared.imageSide} pixels`);
      else usable.set(id, split);
    }
  }
  for (const id of images.keys()) if (!splitOf.has(id)) skipped.add('image in no split');
  return usable;
}

function* trained<Rows>(usable: ReadonlyMap<number, DataSplit>, rowsOf: ReadonlyMap<number, Rows>) {
  for (const [id, rows] of rowsOf) if (usable.get(id) === 'train') yield { id, rows };
}

/** Places of the objects that have a label and are large enough. */
function keptPlaces(
  rows: ObjectRows | undefined,
  reasonFor: (list: number) => string | undefined,
  skipped: Tally,
): Set<number> {
  const places = new Set<number>();
  for (let place = 0; place < (rows?.ids.length ?? 0); place++) {
    const { names, boxes } = rows!;
    const reason = reasonFor(names[place]!);
    if (reason !== undefined) skipped.add(`object: its name ${reason}`);
    else if (Math.min(boxes[place * 4 + 2]!, boxes[place * 4 + 3]!) < prepared.objectSide)
      skipped.add(`object: below ${prepared.objectSide} pixels`);
    else places.add(place);
  }
  return places;
}

function chosenRelations(
  rows: RelationRows | undefined,
  places: ReadonlySet<number>,
  reasonFor: (word: number) => string | undefined,
  skipped: Tally,
) {
  const chosen: (readonly [subject: number, word: number, object: number])[] = [];
  for (let at = 0; at < (rows?.length ?? 0); at += 3) {
    const [subject, word, object] = [rows![at]!, rows![at + 1]!, rows![at + 2]!];
    const reason = reasonFor(word);
    if (!places.has(subject) || !places.has(object)) skipped.add('relation: of an object that was left out');
    else if (reason !== undefined) skipped.add(`relation: its predicate ${reason}`);
    else chosen.push([subject, word, object]);
  }
  return chosen;
}

function boxOf({ boxes }: ObjectRows, place: number, image: ImageRow): Box {
  const [x, y, w, h] = boxes.subarray(place * 4, place * 4 + 4) as unknown as [number, number, number, number];
  return shareOfPhotograph([x, y, x + w, y + h], image);
}

function attributesAt(
  rows: Int32Array | undefined,
  place: number,
  words: Words,
  isAttribute: ReadonlySet<string>,
): string[] {
  const found: string[] = [];
  for (let at = 0; at < (rows?.length ?? 0); at += 2) {
    const name = words.list[rows![at + 1]!]!;
    if (rows![at] === place && isAttribute.has(name) && found.length < MAX_ATTRIBUTES) found.push(name);
  }
  return found;
}
