import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Picture } from '#diffusion/picture.ts';
import { evaluate } from '#training/evaluation/evaluation.ts';
import { everyWord } from '#training/evaluation/judges/judge.ts';
import { pyramidDistance } from '#training/evaluation/judges/pyramid-distance.ts';
import { barChart, gauge, number } from './charts.ts';
import { binShares, histogram } from './histogram.ts';
import { html } from './html.ts';
import { type ReportData, reportPage } from './report-page.ts';

const picture: Picture = { width: 2, height: 2, pixels: new Uint8ClampedArray(16).fill(200) };
const graph = {
  format: 'sgraffito/scene-graph',
  version: 1,
  objects: [{ id: 'a', label: '<b>"dog" & cat</b>', attributes: [], position: { x: 0, y: 0 } }],
  relations: [],
} as const;

async function report(): Promise<ReportData> {
  const { scores } = await evaluate({
    plan: { graphs: [{ graph, style: 'any' }], pairs: [], diverse: [] },
    pictures: { base: [picture], after: [], samples: [] },
    judge: {
      name: 'sees a dog',
      ...everyWord,
      look: async (pictures) => pictures.map(() => ({ detections: [], presence: [1] })),
      holds: () => false,
    },
    predicates: ['on'],
    distance: pyramidDistance,
    space: undefined,
    reference: undefined,
    seed: 1,
  });
  const card = { title: 'dog & cat', plates: [{ picture, caption: '<i>', isRight: true }] };
  return {
    title: 'A model',
    facts: [['graphs', '1']],
    scores,
    graphs: [card],
    bestFlips: [],
    worstFlips: [card],
    samples: [],
    distributions: [{ title: 'Shares', unit: 'graphs', painted: [0, 0.25, 1], real: [1] }],
    study: [],
  };
}

describe('html', () => {
  it('escapes what it is given and keeps what is HTML already', () => {
    const inner = html`<b>${'a < b & "c"'}</b>`;
    expect(html`<p>${inner}${[1, html`<i>`, null]}${undefined}</p>`.text).toBe(
      '<p><b>a &#60; b &#38; &#34;c&#34;</b>1<i></p>',
    );
  });
});

describe('reportPage', () => {
  it('needs nothing beside itself and runs no script', async () => {
    const page = reportPage(await report());
    expect(page).not.toMatch(/(src|href)="(?!data:)/);
    expect(page).not.toMatch(/<script|url\(|@import/);
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).toContain('src="data:image/png;base64,');
  });

  it('never lets a label become markup', async () => {
    const page = reportPage(await report());
    expect(page).not.toContain('<b>"dog"');
    expect(page).toContain('&#60;b&#62;&#34;dog&#34; &#38; cat');
    expect(page).not.toContain('<i>');
  });

  it('shows the value of every score, or why there is none', async () => {
    const page = reportPage(await report());
    for (const name of ['oor', 'relationAccuracy', 'edgeFlip', 'isolation', 'ds', 'is', 'fd']) {
      expect(page).toContain(`<b>${name}</b>`);
    }
    expect(page).toContain('the model has no CLIP image tower');
  });
});

describe('histogram', () => {
  it('puts every value into one of ten bins, 1 into the last', () => {
    expect(binShares([0, 0.05, 0.1, 1])).toEqual([0.5, 0.25, 0, 0, 0, 0, 0, 0, 0, 0.25]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (values) => {
        expect(binShares(values).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
      }),
    );
  });

  it('shows painted and real, and nothing of nothing', async () => {
    const page = reportPage(await report());
    expect(page).toContain('0.2 – 0.3: 33 % of 3 graphs, real pictures 0 %');
    expect(histogram({ title: 'none', unit: 'graphs', painted: [] })).toBeNull();
  });
});

describe('charts', () => {
  it('draws bars worst first, to scale, with a tick at the ceiling', () => {
    const { text } = barChart('by label', {
      dog: { value: 0.5, ceiling: 1, n: 4 },
      cat: { value: 0.25, ceiling: null, n: 8 },
    });
    expect(text.indexOf('>cat<')).toBeLessThan(text.indexOf('>dog<'));
    expect([...text.matchAll(/class="bar"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width))).toEqual([
      65, 130,
    ]);
    expect(text.match(/class="tick"/g)).toHaveLength(1);
  });

  it('a gauge spans floor, value and ceiling in order', () => {
    const score = { value: 0.6, ceiling: 0.9, floor: 0.1, interval: [0.5, 0.7], n: 1, unit: 'x' } as const;
    const { text } = gauge(score)!;
    const at = (kind: string) => Number(text.match(new RegExp(`class="${kind}"[^>]*? (?:x1|cx)="([\\d.]+)"`))![1]);
    expect(at('floor')).toBeLessThan(at('value'));
    expect(at('value')).toBeLessThan(at('ceiling'));
    expect(gauge({ ...score, value: null })).toBeNull();
  });

  it('numbers keep three digits', () => {
    expect([number(0.12345), number(12.345), number(1234.5), number(null)]).toEqual(['0.123', '12.3', '1235', '–']);
  });
});
