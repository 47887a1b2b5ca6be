import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataSplits, type ImportPlan } from '#training/import/import-plan.ts';
import { type MiniatureOptions, writeMiniatureVisualGenome } from './visual-genome.fixture.ts';
import { planVisualGenome } from './visual-genome.ts';
import { parseAliases } from './visual-genome-files.ts';

const thresholds = { objects: 5, predicates: 5, attributes: 5 };
const planOf = (options: MiniatureOptions, own = thresholds) =>
  planVisualGenome(writeMiniatureVisualGenome(options), own);
const idsOf = ({ splits }: ImportPlan) => dataSplits.map((split) => splits[split].map(({ id }) => id));

type Json = Record<string, unknown>;
/** Changes one record of one file. */
const changing = (file: string, id: number, change: (record: Json) => unknown): MiniatureOptions => ({
  images: 10,
  change: (name, records) =>
    name === file
      ? records.map((record) => ((record as Json).image_id === id ? change(record as Json) : record))
      : records,
});

describe('planVisualGenome', { timeout: 60_000 }, () => {
  it('counts words over the train split, through the aliases, and splits by id without a list', async () => {
    const plan = await planOf({ images: 10 });
    expect(idsOf(plan)).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], [9], [10]]);
    expect(plan.labels).toEqual(['horse', 'man', 'weed', 'grass']);
    expect(plan.predicates).toEqual(['standing on', 'riding']);
    expect(plan.attributes).toEqual(['brown']);
    expect(plan.notes[0]).toContain('not the published ones');
  });

  it('needs as many occurrences as the thresholds say, and not one more', async () => {
    const counted = await planOf({ images: 10 }, { objects: 8, predicates: 16, attributes: 9 });
    expect(counted.labels).toEqual(['horse', 'man', 'weed', 'grass']);
    expect([counted.predicates, counted.attributes]).toEqual([['standing on'], []]);
    const fewer = await planOf({ images: 10 }, { objects: 9, predicates: 16, attributes: 9 });
    expect(fewer.labels).toEqual(['horse']);
    expect(fewer.skipped.get('train: objects fewer than 3')).toBe(8);
  });

  it('describes a picture: labels, clipped boxes, relations without repetition, masks', async () => {
    const plan = await planOf({ images: 10 });
    const { scene, sample, masks } = plan.splits.train[1]!.describe(4);
    expect(scene.objects.map(({ label, attributes }) => [label, attributes])).toEqual([
      ['man', []],
      ['horse', ['brown']],
      ['weed', []],
    ]);
    expect(scene.objects[2]!.box).toEqual([0, 0.75, 1, 1]);
    expect(sample.relations).toEqual([
      { subject: 0, predicate: 'riding', object: 1 },
      { subject: 1, predicate: 'standing on', object: 2 },
    ]);
    expect([...masks.subarray(32)]).toEqual([...new Array(12).fill(0), 255, 255, 255, 255]);
    expect(plan.skipped.get('object: below 32 pixels')).toBe(10);
    expect(plan.skipped.get('relation: there already')).toBe(10);
  });

  it("leaves predicates of the published validation and test as they are written, as sg2im does: ' Riding' is not 'riding' there", async () => {
    const folder = writeMiniatureVisualGenome({ images: 10 });
    const predicates = async () => {
      const { splits } = await planVisualGenome(folder, thresholds);
      return splits.validation[0]!.describe(1).sample.relations.map(({ predicate }) => predicate);
    };
    expect(await predicates()).toEqual(['riding', 'standing on']);
    writeFileSync(join(folder, 'vg_splits.json'), JSON.stringify({ train: [1, 2, 3, 4, 5, 6], val: [9], test: [10] }));
    expect(await predicates()).toEqual(['standing on']);
  });

  it('takes names that differ in case and spaces for one, and leaves out and counts empty ones', async () => {
    const names = [[' MAN'], ['Horse ', 'animal']];
    const blank = { predicate: ' ', subject: { object_id: 100 }, object: { object_id: 101 } };
    const odd: Record<string, (entries: Json[]) => unknown> = {
      objects: (entries) => [
        ...entries.map((each, i) => ({ ...each, names: names[i] ?? each.names })),
        ...['', 'x'.repeat(65)].map((name, i) => ({ ...entries[0], object_id: 900 + i, names: [name] })),
      ],
      attributes: (entries) => entries.map((each) => ({ ...each, attributes: ['brown', ' Brown', ' '] })),
      relationships: (entries) => [blank, ...entries],
    };
    const plan = await planOf({
      images: 10,
      change(file, [first, ...others]) {
        const [key, change] = Object.entries(odd).find(([name]) => file === `${name}.json`) ?? [];
        if (!key || !change) return [first, ...others];
        return [{ image_id: 1, [key]: change((first as Record<string, Json[]>)[key]!) }, ...others];
      },
    });
    expect(plan.labels).toEqual(['horse', 'man', 'weed', 'grass']);
    expect(plan.skipped.toJSON()).toMatchObject({
      'object: its name is empty': 1,
      'object: its name is too long': 1,
      'attribute: is empty': 2,
      'relation: its predicate is empty': 1,
    });
    expect(plan.splits.train[0]!.describe(1).sample.objects[0]).toMatchObject({ label: 'man', attributes: ['brown'] });
  });

  it('takes the published split where the folder holds it', async () => {
    const folder = writeMiniatureVisualGenome({ images: 10 });
    writeFileSync(
      join(folder, 'vg_splits.json'),
      JSON.stringify({ train: [1, 3, 5, 7, 9], val: [2, 99], test: [4, 10] }),
    );
    const plan = await planVisualGenome(folder, thresholds);
    expect(idsOf(plan)).toEqual([[1, 3, 5, 7, 9], [2], [4, 10]]);
    expect(plan.skipped.get('validation: image not in image_data.json')).toBe(1);
    expect(plan.skipped.get('image in no split')).toBe(2);
    expect(plan.notes[0]).toContain('as published');
  });

  it.each([
    [
      'an image record without size',
      changing('image_data.json', 3, ({ width: _, ...rest }) => rest),
      'image_data.json: damaged record',
      1,
    ],
    [
      'a path out of the folder',
      changing('image_data.json', 3, (image) => ({ ...image, url: 'https://x/../../secret' })),
      'image_data.json: damaged record',
      1,
    ],
    [
      'objects that are none',
      changing('objects.json', 3, () => ({ image_id: 3, objects: 'many' })),
      'objects.json: damaged record',
      1,
    ],
    ['a record that is null', changing('relationships.json', 3, () => null), 'relationships.json: damaged record', 1],
    [
      'relations without ends',
      changing('relationships.json', 3, () => ({ image_id: 3, relationships: [{ predicate: 'on' }, 7] })),
      'relationships.json: damaged relationship',
      2,
    ],
    [
      'a small photograph',
      changing('image_data.json', 3, (image) => ({ ...image, height: 199 })),
      'train: image below 200 pixels',
      1,
    ],
  ])('counts and skips %s', async (_, options, reason, times) => {
    const plan = await planOf(options);
    expect(idsOf(plan)[0]).toEqual([1, 2, 4, 5, 6, 7, 8].concat(reason.startsWith('image_data') ? [9] : []));
    expect(plan.skipped.get(reason)).toBe(times);
  });

  it.each([
    ['objects.json', '[{"image_id": 1, "objects": [', /objects\.json is not the JSON it should be/],
    ['objects.json', 'hello', /objects\.json is not the JSON it should be/],
    ['relationships.json', '{"a": 1}', /relationships\.json is not the JSON it should be/],
  ])('refuses %s that says %s', async (file, text, message) => {
    await expect(planOf({ images: 3, change: (name, records) => (name === file ? text : records) })).rejects.toThrow(
      message,
    );
  });
});

it('reads alias files as sg2im does: the later line counts, and a first name stands for itself', () => {
  const aliases = parseAliases('man,guy, Man \r\nwoman,guy,lady\nlady,dame\n');
  expect(Object.fromEntries(aliases)).toMatchObject({
    man: 'man',
    guy: 'woman',
    woman: 'woman',
    lady: 'lady',
    dame: 'lady',
  });
});
