/** COCO-Stuff 2017 as sg2im prepares it (google/sg2im, sg2im/data/coco.py): which images stay, with which objects. */
import { join } from 'node:path';
import { geometricPredicates } from '#graph/places/geometry.ts';
import type { ImportPlan, PlannedPicture } from '#training/import/import-plan.ts';
import { Tally } from '#training/import/tally.ts';
import {
  type CocoImage,
  type CocoObject,
  cocoAnnotations,
  cocoFile,
  readCocoCategories,
  readCocoImages,
} from './coco-files.ts';
import { describeCoco } from './coco-graph.ts';

/** Share of the photograph that an object's box must exceed. */
const MIN_AREA = 0.02;
const OBJECTS = { min: 3, max: 8 };
/** Of the kept validation images, in the file's order, so many validate; the rest is the test set. Of small sets a half. */
const VALIDATION = 1024;
/** The stuff class for everything else, which says nothing. */
const OTHER = 'other';

/** @throws ImportInputError when a file is missing or is not what it should be. */
export async function planCocoStuff(folder: string): Promise<ImportPlan> {
  const skipped = new Tally();
  const train = await planPart(folder, 'train', skipped);
  const held = await planPart(folder, 'val', skipped);
  const validation = Math.min(VALIDATION, Math.floor(held.pictures.length / 2));
  return {
    name: 'coco-stuff',
    labels: [...train.things, ...train.stuff],
    regions: train.stuff,
    predicates: geometricPredicates,
    attributes: [],
    splits: {
      train: train.pictures,
      validation: held.pictures.slice(0, validation),
      test: held.pictures.slice(validation),
    },
    skipped,
    notes: [
      `splits: train2017 trains; of val2017 the first ${validation} images validate and the others test, as with sg2im`,
    ],
  };
}

async function planPart(folder: string, part: 'train' | 'val', skipped: Tally) {
  const instances = cocoFile(folder, 'instances', part);
  const stuffFile = cocoFile(folder, 'stuff', part);
  const things = await readCocoCategories(instances, skipped);
  const stuff = await readCocoCategories(stuffFile, skipped);
  const images = await readCocoImages(instances, skipped);
  const kept = new ImageObjects(images, skipped);
  for await (const annotation of cocoAnnotations(instances, skipped)) kept.add(annotation, things, false);
  const withStuff = new Set<number>();
  for await (const annotation of cocoAnnotations(stuffFile, skipped)) {
    withStuff.add(annotation.image_id);
    kept.add(annotation, stuff, true);
  }
  const pictures = [...images.values()].flatMap((image): PlannedPicture[] => {
    const count = kept.count(image.id);
    if (!withStuff.has(image.id)) skipped.add(`${part}2017: image without stuff`);
    else if (count < OBJECTS.min) skipped.add(`${part}2017: objects fewer than ${OBJECTS.min}`);
    else if (count > OBJECTS.max) skipped.add(`${part}2017: objects more than ${OBJECTS.max}`);
    else {
      const files = [`${part}2017`, join('images', `${part}2017`)].map((place) => join(place, image.file));
      return [{ id: image.id, files, shape: image, describe: (grid) => describeCoco(image, kept.of(image.id), grid) }];
    }
    return [];
  });
  const named = (categories: ReadonlyMap<number, string>) => [...new Set(categories.values())];
  return { pictures, things: named(things), stuff: named(stuff).filter((name) => name !== OTHER) };
}

interface Annotation {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly [number, number, number, number];
  readonly segmentation?: unknown;
}

const NO_CATEGORY = 'annotations: of a category that is not in the file';

function reasonToSkip(
  image: CocoImage | undefined,
  label: string | undefined,
  [, , width, height]: Annotation['bbox'],
  isStuff: boolean,
): string | undefined {
  if (image === undefined) return 'annotations: of an image that is not in the file';
  if (label === undefined) return NO_CATEGORY;
  if (isStuff && label === OTHER) return 'object: stuff "other"';
  return (width * height) / (image.width * image.height) > MIN_AREA ? undefined : 'object: 2 % of the image or less';
}

/** Objects by image; the segmentations of an image with too many are dropped at once, for they would fill the memory. */
class ImageObjects {
  readonly #images: ReadonlyMap<number, CocoImage>;
  readonly #skipped: Tally;
  readonly #objects = new Map<number, CocoObject[]>();
  readonly #counts = new Map<number, number>();

  constructor(images: ReadonlyMap<number, CocoImage>, skipped: Tally) {
    this.#images = images;
    this.#skipped = skipped;
  }

  count = (imageId: number): number => this.#counts.get(imageId) ?? 0;
  of = (imageId: number): readonly CocoObject[] => this.#objects.get(imageId) ?? [];

  add(
    { image_id: imageId, category_id: category, bbox, segmentation }: Annotation,
    names: ReadonlyMap<number, string>,
    isStuff: boolean,
  ): void {
    const image = this.#images.get(imageId);
    const label = names.get(category);
    const reason = reasonToSkip(image, label, bbox, isStuff);
    if (label === undefined || reason !== undefined) {
      this.#skipped.add(reason ?? NO_CATEGORY);
      return;
    }
    const count = this.count(imageId) + 1;
    this.#counts.set(imageId, count);
    if (count > OBJECTS.max) {
      this.#objects.delete(imageId);
      return;
    }
    const objects = this.#objects.get(imageId) ?? [];
    objects.push({ label, isStuff, bbox, segmentation: Buffer.from(JSON.stringify(segmentation ?? null)) });
    this.#objects.set(imageId, objects);
  }
}
