/** Laid over an even grey, against what the corpus paints. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { background, fixedMarks, HATCHING, STAR, starCover } from '#training/corpus/render/backgrounds.ts';
import { backdropOf, type Ground, grounds, type Style, styles } from '#training/corpus/world/setting.ts';
import { ForwardPass } from '#training/trainer/training-step.ts';
import { withFixedMarks } from './fixed-marks.ts';

const SIZE = 64;
const pixels = SIZE * SIZE;
const HALF = 0.5 / 127.5 + 1e-5;

let forward: ForwardPass;

beforeAll(async () => {
  const g = new GraphBuilder();
  const place = {
    style: g.input('style', [1, styles.length]),
    ground: g.input('ground', [1, grounds.length]),
    hour: g.input('hour', [1, 1]),
    horizon: g.input('horizon', [1]),
  };
  g.output('picture', withFixedMarks(g, g.input('grey', [1, 3, SIZE, SIZE]), place));
  forward = await ForwardPass.create(g, 'cpu');
});
afterAll(() => forward.release());

/** (3, SIZE, SIZE) in [−1, 1] */
async function laidOverGrey(style: Style, ground: Ground, night: boolean, horizon: number): Promise<Float32Array> {
  const only = (list: readonly string[], one: string) => Float32Array.from(list, (each) => (each === one ? 1 : 0));
  const feeds = {
    style: only(styles, style),
    ground: only(grounds, ground),
    hour: Float32Array.of(night ? 1 : 0),
    horizon: Float32Array.of(horizon),
    grey: new Float32Array(3 * pixels),
  };
  return (await forward.run(feeds, new Map())).picture!;
}

const outdoors = grounds.filter((ground) => backdropOf(ground) === 'sky');
const places = styles.flatMap((style, i) =>
  [false, true].flatMap((night, j) =>
    ['road', 'river', 'track', outdoors[(2 * i + j) % outdoors.length]].map((ground, k) => ({
      style,
      night,
      ground: ground as Ground,
      horizon: [0.5, 0.5625, 0.625][(i + j + k) % 3]!,
    })),
  ),
);

test.each(places)(
  '$ground in $style, night $night, horizon $horizon: marks and stars are the corpus’s, all else is bare',
  async (place) => {
    const { style, ground, night, horizon } = place;
    const laid = await laidOverGrey(style, ground, night, horizon);
    const painted = background({ ...place, backdrop: 'sky' }, SIZE);
    const stars = starCover(SIZE);
    const marks = fixedMarks.filter((mark) => mark.ground === ground);
    const seen = { marks: 0, stars: 0 };
    for (let at = 0; at < pixels; at++) {
      const [x, y] = [((at % SIZE) + 0.5) / SIZE, (Math.floor(at / SIZE) + 0.5) / SIZE];
      const isMarked = marks.some(({ covers }) => covers(x, y) === 1);
      const star = night && y < horizon ? stars[at]! : 0;
      const wave = Math.sin(2 * Math.PI * HATCHING.waves * (x + y));
      const grey = style === 'pencil' ? (HATCHING.strength * wave) / 127.5 : 0;
      for (let c = 0; c < 3; c++) {
        const value = laid[c * pixels + at]!;
        if (isMarked) expect(Math.abs(value - (painted[at * 3 + c]! / 127.5 - 1))).toBeLessThan(HALF);
        else expect(value).toBeCloseTo(grey + star * (STAR[c]! / 127.5 - 1 - grey), 5);
      }
      seen.marks += isMarked ? 1 : 0;
      seen.stars += star > 0.5 ? 1 : 0;
    }
    expect(seen.marks > 0).toBe(marks.length > 0);
    expect(seen.stars > 0).toBe(night);
  },
);

test('stars and marks keep to the rows that they are laid over', () => {
  expect(starCover(256).findLastIndex((share) => share > 0)).toBeLessThan((10 / 16) * 256 * 256);
  for (const { covers } of fixedMarks) {
    for (let y = 0; y < 0.75; y += 1 / 256) expect(covers(0.1, y) + covers(0.6, y)).toBe(0);
  }
});
