/** A photograph of COCO as a scene: masks, centres, and the six geometric relations (google/sg2im, sg2im/data/coco.py). */
import { geometricRelation } from '#graph/places/geometry.ts';
import { type RandomSource, seededRandom } from '#graph/random.ts';
import type { Box, PlacedRelation } from '#training/corpus/world/scene.ts';
import { centreOfPixels, gridOfPixels } from '#training/import/grid-mask.ts';
import { DamagedRecordError, type DescribedPicture, PHOTO_STYLE } from '#training/import/import-plan.ts';
import type { CocoImage, CocoObject } from './coco-files.ts';
import { RunLengthError } from './run-length.ts';
import { maskOfSegmentation, readSegmentation } from './segmentation.ts';

interface Region {
  readonly box: Box;
  readonly centre: readonly [number, number];
}

/**
 * The scene holds the relation of every ordered pair; the sample, like sg2im, one relation for each object with another one drawn by
 * chance, subject and object by the toss of a coin. The draw depends on the image alone.
 * @throws DamagedRecordError when a segmentation cannot be decoded.
 */
export function describeCoco(image: CocoImage, objects: readonly CocoObject[], grid: number): DescribedPicture {
  const masks = new Uint8Array(objects.length * grid * grid);
  const leftOut: string[] = [];
  const regions = objects.map((object, place): Region => {
    const { mask, badPolygons } = maskOf(object, image);
    leftOut.push(...new Array<string>(badPolygons).fill('object: a polygon that is none, beside good ones'));
    masks.set(gridOfPixels(mask, grid), place * grid * grid);
    const [x, y, w, h] = object.bbox;
    const box: Box = [x / image.width, y / image.height, (x + w) / image.width, (y + h) / image.height];
    return { box, centre: centreOfPixels(mask) ?? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] };
  });
  const relation = (subject: number, object: number): PlacedRelation => ({
    subject,
    predicate: relationOf(regions[subject]!, regions[object]!),
    object,
  });
  const places = objects.map((_, place) => place);
  const placed = objects.map(({ label, isStuff }, place) => ({
    label,
    attributes: [],
    box: clipped(regions[place]!.box),
    depth: isStuff ? 0 : 1,
    isGround: isStuff,
  }));
  return {
    scene: {
      style: PHOTO_STYLE,
      objects: placed,
      relations: places.flatMap((subject) =>
        places.filter((other) => other !== subject).map((object) => relation(subject, object)),
      ),
    },
    sample: {
      style: PHOTO_STYLE,
      objects: placed.map(({ label, attributes }, sceneIndex) => ({ label, attributes, sceneIndex })),
      relations: drawPairs(objects.length, seededRandom(image.id)).map(([subject, object]) =>
        relation(subject, object),
      ),
    },
    masks,
    leftOut,
  };
}

/** Containment by the boxes, direction by the centres of the masks. */
const relationOf = (subject: Region, object: Region) =>
  geometricRelation(subject.box, object.box, { subject: subject.centre, object: object.centre });

/** Pairs that are drawn twice count once. */
function drawPairs(count: number, random: RandomSource): (readonly [number, number])[] {
  const pairs = new Map<string, readonly [number, number]>();
  for (let place = 0; place < count && count > 1; place++) {
    const other = (place + 1 + random.integer(count - 1)) % count;
    const pair = random.integer(2) === 0 ? ([place, other] as const) : ([other, place] as const);
    pairs.set(pair.join(), pair);
  }
  return [...pairs.values()];
}

function maskOf({ segmentation: bytes }: CocoObject, { width, height }: CocoImage) {
  const read = readSegmentation(JSON.parse(bytes.toString('utf8')));
  if (read === undefined) throw new DamagedRecordError('segmentation is damaged');
  try {
    return { mask: maskOfSegmentation(read.segmentation, width, height), badPolygons: read.badPolygons };
  } catch (error) {
    if (error instanceof RunLengthError) throw new DamagedRecordError('segmentation is damaged');
    throw error;
  }
}

const clipped = (box: Box): Box => box.map((side) => Math.max(0, Math.min(1, side))) as unknown as Box;
