/** The decoder on scenes of the corpus, with textures that are one colour each: what it reads off a latent can then be seen. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { seededRandom } from '#graph/random.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import {
  cellFeatures,
  drawingCount,
  GRID,
  NUMBERS,
  PLACE_UNIT,
  shownIn,
} from '#training/corpus/sample/cell-features.ts';
import { artistOf, artists, type Style } from '#training/corpus/world/setting.ts';
import { encodeCells, LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { sceneLatent } from '#training/stages/feeds/autoencoder-feeds.ts';
import { ForwardPass, initializeParameters } from '#training/trainer/training-step.ts';
import { decoder } from './decoder.ts';

vi.setConfig({ testTimeout: 60_000 });

const SIZE = 64;
const TEXELS = 4;
const config = { texels: TEXELS, groundWidth: 8, width: 8, blocks: 1, imageSize: SIZE };
const CELLS = GRID * GRID;
let forward: ForwardPass;
let weights: Map<string, Float32Array>;

beforeAll(async () => {
  const g = new GraphBuilder();
  g.output('image', decoder(g, config, g.input('latent', [1, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE])));
  forward = await ForwardPass.create(g, 'cpu');
  weights = initializeParameters(g, 1);
  // Opaque, red by its number; ten texel units to the colour.
  const textures = weights.get('decoder.textures')!;
  const texture = TEXELS * TEXELS * 4;
  for (let row = 0; row < textures.length / texture; row++) {
    for (let at = 0; at < texture; at += 4) {
      textures.set([redOf(row) / 10, -0.1, -0.1, 0.1], row * texture + at);
    }
  }
});
afterAll(() => forward.release());

const redOf = (row: number) => ((row * 37) % 101) / 50.5 - 1;

test.each([0, 0.2])(
  'every cell inside of a thing shows that thing by its style’s artist, with noise of %f',
  async (deviation) => {
    const noise = seededNoise(4);
    let [right, all] = [0, 0];
    for (let seed = 0; seed < 12; seed++) {
      const scene = composeScene(seededRandom(seed), { things: { min: 1, max: 4 } });
      if (scene.objects.some(({ attributes }) => attributes.length > 0)) continue;
      const rendered = renderScene(scene, { size: SIZE, grid: GRID });
      const shown = shownIn(rendered);
      const { drawings } = cellFeatures(scene, shown);
      const latent = encodeCells(cellFeatures(scene, shown)).map((value) => value + deviation * noise.normal());
      const { image } = await forward.run({ latent }, weights);
      const artist = artists.indexOf(artistOf(scene.style as Style));
      drawings.subarray(0, CELLS).forEach((drawing, cell) => {
        if (drawing === 0 || rendered.masks[(shown[cell]! - 1) * CELLS + cell]! < 242) return;
        const pixel = SIZE / GRID;
        const [x, y] = [(cell % GRID) * pixel + 2, Math.floor(cell / GRID) * pixel + 2];
        all += 1;
        if (Math.abs(image![y * SIZE + x]! - redOf(artist * drawingCount + drawing)) < 0.1) right += 1;
      });
    }
    expect(all).toBeGreaterThan(100);
    // The outermost texels fade into what is outside of the box or behind it.
    expect(right / all).toBeGreaterThan(0.92);
  },
);

const cellPixel = (cell: number): number => {
  const pixel = SIZE / GRID;
  return (Math.floor(cell / GRID) * pixel + 2) * SIZE + (cell % GRID) * pixel + 2;
};

test('where nothing is, the ground is seen', async () => {
  const scene = composeScene(seededRandom(3), { things: { min: 1, max: 1 } });
  const rendered = renderScene(scene, { size: SIZE, grid: GRID });
  const feeds = { latent: sceneLatent(rendered) };
  const painted = (await forward.run(feeds, weights)).image!;
  const bare = new Map([...weights, ['decoder.textures', new Float32Array(weights.get('decoder.textures')!.length)]]);
  const ground = (await forward.run(feeds, bare)).image!;
  const [left, top, right, bottom] = scene.objects[0]!.box.map((share) => share * GRID) as [
    number,
    number,
    number,
    number,
  ];
  for (let cell = 0; cell < GRID * GRID; cell++) {
    const [x, y] = [cell % GRID, Math.floor(cell / GRID)];
    // The outermost texels reach a little further than the box.
    if (x + 2 > left && x - 1 < right && y + 2 > top && y - 1 < bottom) continue;
    expect(painted[cellPixel(cell)]).toBeCloseTo(ground[cellPixel(cell)]!, 5);
  }
});

describe('slips of the diffusion are mended', () => {
  const scene = composeScene(seededRandom(3), { things: { min: 1, max: 1 } });
  const rendered = renderScene(scene, { size: SIZE, grid: GRID });
  const features = () => cellFeatures(scene, shownIn(rendered));
  const drawings = features().drawings.subarray(0, CELLS);
  const whole = [...drawings.keys()].filter((cell) => drawings[cell] !== 0);

  /** The picture of the scene, some cells of which say something else. */
  async function paintedWith(cells: ReadonlyMap<number, number>): Promise<Float32Array> {
    const told = features();
    for (const [cell, drawing] of cells) {
      told.drawings[cell] = drawing;
      for (let feature = 0; feature < NUMBERS; feature++) told.numbers[feature * CELLS + cell] = 0;
      // Where a drawing of its own would be: right there.
      if (drawing === 0) continue;
      told.numbers[cell] = ((cell % GRID) + 0.5 - GRID / 2) / GRID / PLACE_UNIT;
      told.numbers[CELLS + cell] = (Math.floor(cell / GRID) + 0.5 - GRID / 2) / GRID / PLACE_UNIT;
    }
    return (await forward.run({ latent: encodeCells(told) }, weights)).image!;
  }

  test('a row that is missing comes back', async () => {
    const lowest = Math.max(...whole.map((cell) => Math.floor(cell / GRID)));
    const row = whole.filter((cell) => Math.floor(cell / GRID) === lowest);
    expect(row.length).toBeGreaterThan(1);
    const image = await paintedWith(new Map(row.map((cell) => [cell, 0])));
    const intact = await paintedWith(new Map());
    const inner = row.slice(1, -1);
    for (const cell of inner) expect(image[cellPixel(cell)]).toBeCloseTo(intact[cellPixel(cell)]!, 1);
  });

  test('one or two cells with a drawing of their own are left out', async () => {
    const far = [...drawings.keys()].filter((cell) =>
      whole.every((other) => Math.abs((cell % GRID) - (other % GRID)) > 2),
    );
    const [slip] = far as [number];
    const intact = await paintedWith(new Map());
    for (const cells of [[slip], [slip, slip + GRID]]) {
      const image = await paintedWith(new Map(cells.map((cell) => [cell, 7])));
      for (const cell of cells) expect(image[cellPixel(cell)]).toBeCloseTo(intact[cellPixel(cell)]!, 1);
    }
  });
});
