import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import published from '#graph/files/datasets/published-formats.fixture.json' with { type: 'json' };
import { runImport } from '#training/commands/import-command.ts';
import { unpackShard } from '#training/files/shard-file.ts';
import { readDataSet, recordsIn, shardFileOf } from '#training/import/data-set.ts';
import { dataSplits } from '#training/import/import-plan.ts';
import type { AnnotatedSet } from '#training/import/importable-sets.ts';
import { photograph } from '#training/import/visual-genome/visual-genome.fixture.ts';
import { planAnnotated } from './plan-annotated.ts';

const all = { objects: 1, predicates: 1, attributes: 1 };
const [WIDTH, HEIGHT] = [320, 240];

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-annotated-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), Buffer.isBuffer(content) ? content : JSON.stringify(content));
  }
  return folder;
}

const images = [0, 1, 2, 9].map((id) => ({
  image_id: id,
  url: `https://example.org/VG_100K/${id}.jpg`,
  width: WIDTH,
  height: HEIGHT,
}));
const { gqa, psg, laionSg, regionGraphs } = published;
/** The three scenes of the fixture train, as each set publishes them, and the first once more is held out. */
const sets: readonly (readonly [AnnotatedSet, files: Record<string, unknown>, splits: number[], photo: string])[] = [
  [
    'gqa',
    { 'train_sceneGraphs.json': gqa, 'val_sceneGraphs.json': { 9: gqa[2370000] } },
    [3, 0, 1],
    'images/2370000.jpg',
  ],
  [
    'psg',
    { 'psg.json': { ...psg, data: [...psg.data, { ...psg.data[0], image_id: '9' }], test_image_ids: ['9'] } },
    [3, 0, 1],
    'train2017/000000000000.jpg',
  ],
  ['laion-sg', { 'train.json': laionSg, 'val.json': [{ ...laionSg[0], img_id: '9' }] }, [3, 1, 0], '480000.jpg'],
  [
    'region-graphs',
    {
      'region_graphs.json': [...regionGraphs, { ...regionGraphs[0], image_id: 9 }],
      'image_data.json': images,
      'vg_splits.json': { train: [0, 1, 2], val: [], test: [9] },
    },
    [3, 0, 1],
    'VG_100K/0.jpg',
  ],
];

describe('planAnnotated', () => {
  it.each(sets)('%s: splits, words, places and photographs', async (set, files, splits, photo) => {
    const plan = await planAnnotated(set, folderWith(files), all);
    expect(dataSplits.map((split) => plan.splits[split].length)).toEqual(splits);
    const [picture] = plan.splits.train;
    const { scene, sample, masks } = picture!.describe(4);
    expect(scene.objects.map(({ label }) => label)).toEqual(['kite', 'tree', 'grass']);
    expect(sample.relations.map(({ subject, predicate, object }) => [subject, predicate, object])).toEqual([
      [0, set === 'gqa' ? 'to the left of' : 'left of', 1],
      [1, 'standing on', 2],
    ]);
    expect(picture!.files[0]).toBe(photo);
    const isPlaced = set !== 'laion-sg';
    expect(picture!.shape).toEqual(isPlaced ? expect.objectContaining({ width: WIDTH, height: HEIGHT }) : undefined);
    expect(scene.objects[0]!.box).toEqual(
      isPlaced ? [34 / WIDTH, 106 / HEIGHT, 114 / WIDTH, 176 / HEIGHT] : [0, 0, 1, 1],
    );
    expect([...masks.subarray(32, 36)]).toEqual(new Array(4).fill(isPlaced ? 0 : 255));
    expect(scene.objects.map(({ isGround }) => isGround)).toEqual([false, false, set === 'psg']);
    expect(plan.attributes).toEqual(['gqa', 'laion-sg'].includes(set) ? ['large'] : []);
    expect(plan.skipped.toJSON()).toEqual({});
  });

  it('counts what it leaves out, by reason', async () => {
    const object = (name: unknown, box: number[] = [0, 0, 100, 100], relations: unknown[] = []) => {
      const [x, y, w, h] = box;
      return { name, x, y, w, h, attributes: ['Old', ' old', ''], relations };
    };
    const to = (id: string, name = 'On ') => ({ object: id, name });
    const good = { a: object('Man', [0, 0, 90, 90], [to('b')]), b: object(' man '), c: object('dog') };
    const image = (objects: unknown, shape = { width: WIDTH, height: HEIGHT }) => ({ ...shape, objects });
    const folder = folderWith({
      'train_sceneGraphs.json': {
        1: image({
          ...good,
          d: object(''),
          e: object('dog', [0, 0, 31, 99]),
          f: object('dog', [400, 0, 99, 99]),
          g: 7,
          h: object('cat', undefined, [
            to('a'),
            to('e'),
            to('h'),
            to('nobody'),
            to('a'),
            to('a', ' '),
            to('b', 'rare'),
          ]),
        }),
        2: image(good, { width: WIDTH, height: 199 }),
        3: image({ a: good.c }),
        4: image({ ...good, a: object('man') }),
        5: { objects: 'many' },
        x: image(good),
      },
    });
    const plan = await planAnnotated('gqa', folder, { objects: 1, predicates: 2, attributes: 1 });
    expect(plan.skipped.toJSON()).toEqual({
      'attribute: must not be empty': 13,
      'object: must not be empty': 1,
      'object: must be an object with name, attributes and relations': 1,
      'object: below 32 pixels': 1,
      'object: outside of its photograph': 1,
      'relation: which relates an object to itself': 1,
      'relation: which names an object that the record does not have': 1,
      'relation: which is there already': 1,
      'relation: must not be empty': 1,
      'relation: of an object that was left out': 1,
      'relation: its predicate is too rare': 1,
      'record: cannot be read': 1,
      'record: without a number of its image': 1,
      'train: image below 200 pixels': 1,
      'train: objects fewer than 3': 1,
      'train: relations fewer than 1': 1,
    });
    expect(plan.splits.train.map(({ id }) => id)).toEqual([1]);
    expect(plan.labels).toEqual(['man', 'dog', 'cat']);
  });

  it('never looks for a photograph outside of the folder', async () => {
    const odd = ['../secret.jpg', '/etc/passwd', 7, ''].map((name, id) => ({
      ...psg.data[0],
      image_id: id,
      file_name: name,
    }));
    const plan = await planAnnotated('psg', folderWith({ 'psg.json': { ...psg, data: odd, test_image_ids: [] } }), all);
    expect(plan.splits.train.map(({ files }) => files)).toEqual([[], [], [], []]);
    const classes = folderWith({ 'psg.json': { ...psg, predicate_classes: [1] } });
    await expect(planAnnotated('psg', classes, all)).rejects.toThrow(
      /psg\.json: predicate_classes\[0\]: must be a text/,
    );
  });

  it('imports; says which file is missing, and that no photograph is there', async () => {
    const [, files] = sets[1]!;
    const source = folderWith({ ...files, 'coco/train2017/000000000000.jpg': photograph(WIDTH, HEIGHT) });
    const out = join(source, 'out');
    await runImport('psg', source, { out, size: 32 });
    const manifest = readDataSet(out);
    expect(manifest).toMatchObject({ name: 'psg', regions: ['grass', 'water'] });
    expect(dataSplits.map((split) => recordsIn(manifest, split))).toEqual([1, 0, 1]);
    const file = shardFileOf(out, 'train', 0);
    expect(unpackShard(readFileSync(file), file, manifest.grid)[0]!.sample.relations).toHaveLength(2);
    await expect(runImport('gqa', source, { out, size: 32 })).rejects.toThrow(/train_sceneGraphs\.json is missing/);
    const bare = folderWith({ ...files, 'out/train/mine.jpg': photograph(WIDTH, HEIGHT) });
    const lost = runImport('psg', bare, { out: join(bare, 'out'), size: 32 });
    await expect(lost).rejects.toThrow('no picture could be imported: train: photograph is missing (3)');
    expect(() => readDataSet(join(bare, 'out'))).toThrow('no finished data set');
    // What it wrote is gone, what it found is there.
    expect(readdirSync(join(bare, 'out'), { recursive: true }).sort()).toEqual(['train', 'train/mine.jpg']);
    await expect(runImport('psg', bare, { out: `${bare}/.`, size: 32 })).rejects.toThrow('name another folder');
  });
});
