import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runImport } from '#training/commands/import-command.ts';
import { unpackShard } from '#training/files/shard-file.ts';
import { readDataSet, recordsIn, shardFileOf } from '#training/import/data-set.ts';
import { photograph } from '#training/import/visual-genome/visual-genome.fixture.ts';
import { planCocoStuff } from './coco-stuff.ts';

const [WIDTH, HEIGHT] = [40, 30];
interface Annotation {
  readonly image: number;
  readonly category: number;
  readonly bbox: readonly number[];
  readonly segmentation?: unknown;
}

const rectangle = ([x, y, w, h]: readonly number[]) => [[x!, y!, x! + w!, y!, x! + w!, y! + h!, x!, y! + h!]];
/** The upper `rows` rows of the photograph as uncompressed runs down the columns. */
const top = (rows: number) => ({
  size: [HEIGHT, WIDTH],
  counts: [0, ...Array.from({ length: WIDTH }, () => [rows, HEIGHT - rows]).flat()],
});

function part(images: readonly number[], things: readonly Annotation[], stuff: readonly Annotation[]) {
  const annotations = (list: readonly Annotation[]) =>
    list.map(({ image, category, bbox, segmentation = rectangle(bbox) }, i) => ({
      id: i + 1,
      image_id: image,
      category_id: category,
      bbox,
      area: bbox[2]! * bbox[3]!,
      iscrowd: 0,
      segmentation,
    }));
  const file = (categories: readonly (readonly [number, string])[], list: readonly Annotation[]) => ({
    info: { year: 2017 },
    licenses: [],
    images: images.map((id) => ({
      id,
      file_name: `${String(id).padStart(12, '0')}.png`,
      width: WIDTH,
      height: HEIGHT,
      license: 1,
    })),
    annotations: annotations(list),
    categories: categories.map(([id, name]) => ({ supercategory: 'any', id, name })),
  });
  return {
    instances: file(
      [
        [1, 'person'],
        [2, 'dog'],
      ],
      things,
    ),
    stuff: file(
      [
        [92, 'sky-other'],
        [93, 'grass'],
        [183, 'other'],
      ],
      stuff,
    ),
  };
}

/** A dog in a large person's box on the left, a person on the right, under the sky. */
const sceneOf = (image: number) => ({
  things: [
    { image, category: 1, bbox: [2, 10, 16, 18] },
    { image, category: 2, bbox: [6, 16, 8, 6] },
    { image, category: 1, bbox: [28, 12, 8, 16] },
    { image, category: 2, bbox: [0, 0, 4, 6] },
  ],
  stuff: [
    { image, category: 92, bbox: [0, 0, 40, 8], segmentation: top(8) },
    { image, category: 183, bbox: [0, 0, 40, 30], segmentation: top(30) },
  ],
});

type Parts = Record<'train' | 'val', ReturnType<typeof part>>;
function miniature(change: (parts: Parts) => void = () => undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-coco-'));
  mkdirSync(join(folder, 'annotations'));
  const of = (ids: readonly number[], stuffIds = ids) =>
    part(
      ids,
      ids.flatMap((id) => sceneOf(id).things),
      stuffIds.flatMap((id) => sceneOf(id).stuff),
    );
  const parts = { train: of([7, 5, 9], [7, 5]), val: of([30, 20, 10, 40]) };
  change(parts);
  for (const [name, { instances, stuff }] of Object.entries(parts)) {
    mkdirSync(join(folder, `${name}2017`));
    for (const { file_name: file } of instances.images)
      writeFileSync(join(folder, `${name}2017`, file), photograph(WIDTH, HEIGHT));
    writeFileSync(join(folder, 'annotations', `instances_${name}2017.json`), JSON.stringify(instances));
    writeFileSync(join(folder, 'annotations', `stuff_${name}2017.json`), JSON.stringify(stuff));
  }
  return folder;
}

describe('planCocoStuff', { timeout: 60_000 }, () => {
  it('keeps images with stuff and 3 to 8 objects above 2 %, and parts the validation images in their order', async () => {
    const plan = await planCocoStuff(miniature());
    const ids = Object.values(plan.splits).map((pictures) => pictures.map(({ id }) => id));
    expect(ids).toEqual([
      [7, 5],
      [30, 20],
      [10, 40],
    ]);
    expect(plan.labels).toEqual(['person', 'dog', 'sky-other', 'grass']);
    expect(plan.skipped.toJSON()).toEqual({
      'object: 2 % of the image or less': 7,
      'object: stuff "other"': 6,
      'train2017: image without stuff': 1,
    });
  });

  it('finds the six relations: containment by boxes, direction by the centres of masks', async () => {
    const plan = await planCocoStuff(miniature());
    const { scene, sample, masks } = plan.splits.train[0]!.describe(2);
    expect(scene.objects.map(({ label, isGround }) => [label, isGround])).toEqual([
      ['person', false],
      ['dog', false],
      ['person', false],
      ['sky-other', true],
    ]);
    const predicate = (s: number, o: number) =>
      scene.relations.find(({ subject, object }) => subject === s && object === o)?.predicate;
    expect([
      predicate(0, 1),
      predicate(1, 0),
      predicate(0, 2),
      predicate(2, 1),
      predicate(3, 0),
      predicate(2, 3),
    ]).toEqual(['surrounding', 'inside', 'left of', 'right of', 'above', 'below']);
    expect(scene.relations).toHaveLength(12);
    expect(sample.relations.length).toBeGreaterThan(1);
    for (const relation of sample.relations) expect(scene.relations).toContainEqual(relation);
    expect([...masks.subarray(12)]).toEqual([136, 136, 0, 0]);
    expect(plan.splits.train[0]!.describe(2)).toEqual(plan.splits.train[0]!.describe(2));
  });

  it('uses the mask and not the box for direction', async () => {
    const folder = miniature(({ train }) => {
      // A box as wide as the photograph whose mask is on the far left alone.
      Object.assign(train.instances.annotations[2]!, {
        bbox: [0, 10, 40, 19],
        segmentation: rectangle([0, 10, 1, 16]),
      });
    });
    const { scene } = (await planCocoStuff(folder)).splits.train[0]!.describe(2);
    expect(scene.relations.find(({ subject, object }) => subject === 2 && object === 3)?.predicate).toBe('left of');
    expect(scene.relations.find(({ subject, object }) => subject === 3 && object === 2)?.predicate).toBe('right of');
  });

  it('fills the good polygons of an object beside a bad one, and counts the bad one', async () => {
    const good = rectangle([2, 10, 16, 18]);
    const described = async (segmentation: unknown) => {
      const folder = miniature(({ train }) => Object.assign(train.instances.annotations[0]!, { segmentation }));
      return (await planCocoStuff(folder)).splits.train[0]!.describe(4);
    };
    const whole = await described(good);
    expect(whole.leftOut).toEqual([]);
    const { leftOut, ...rest } = await described([[1, 2, 3], ...good, [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, null]]);
    expect({ ...rest, leftOut: [] }).toEqual(whole);
    expect(leftOut).toEqual(new Array(3).fill('object: a polygon that is none, beside good ones'));
    await expect(described([[1, 2, 3]])).rejects.toThrow('segmentation is damaged');
  });

  it('names that differ in case and spaces are one label; a blank one is none', async () => {
    const plan = await planCocoStuff(
      miniature(({ train, val }) => {
        train.instances.categories.push({ supercategory: 'any', id: 3, name: ' ' });
        for (const { instances } of [train, val]) instances.categories[0]!.name = ' PERSON  ';
      }),
    );
    expect(plan.labels).toEqual(['person', 'dog', 'sky-other', 'grass']);
    expect(plan.skipped.get('categories: damaged record')).toBe(1);
  });

  it('imports: damaged records are counted by reason and the rest is there', async () => {
    const folder = miniature(({ train, val }) => {
      Object.assign(train.instances.annotations[0]!, { segmentation: { size: [30, 40], counts: 'damaged!' } });
      Object.assign(val.instances.annotations[0]!, { bbox: null });
      Object.assign(val.stuff.annotations[0]!, { category_id: 999 });
    });
    const out = join(folder, 'out');
    await runImport('coco-stuff', folder, { out, size: 32 });
    const manifest = readDataSet(out);
    expect((['train', 'validation', 'test'] as const).map((split) => recordsIn(manifest, split))).toEqual([1, 1, 2]);
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report.skipped).toMatchObject({
      'train: segmentation is damaged': 1,
      'annotations: damaged record': 1,
      'annotations: of a category that is not in the file': 1,
      'val2017: objects fewer than 3': 1,
    });
    const file = shardFileOf(out, 'train', 0);
    expect(unpackShard(readFileSync(file), file, manifest.grid).map(({ imageId }) => imageId)).toEqual([5]);
    expect(readFileSync(join(out, 'report.txt'), 'utf8')).toMatch(/4 labels/);
    const whole = readFileSync(file);
    writeFileSync(file, Buffer.from(whole).fill(0, whole.length - 50));
    expect(() => unpackShard(readFileSync(file), file, manifest.grid)).toThrow(/is damaged.*import again/);
    await runImport('coco-stuff', folder, { out, size: 32 });
    expect(readFileSync(file)).toEqual(whole);
  });

  it('says which file is missing', async () => {
    await expect(planCocoStuff(tmpdir())).rejects.toThrow(/instances_train2017\.json is missing/);
  });
});
