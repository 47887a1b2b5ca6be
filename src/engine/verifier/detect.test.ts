import { describe, expect, it } from 'vitest';
import type { Box } from '#graph/places/geometry.ts';
import { type DetectionSpec, detect, detectionSpecOf } from './detect.ts';
import { detectionMapsOf } from './detection-maps.fixture.ts';

const spec: DetectionSpec = {
  labels: ['sheep', 'tree', 'grass'],
  thresholds: [0.5, 0.6, 0.5],
  regions: new Map([['grass', 'ground']]),
};
const look = (...things: Parameters<typeof detectionMapsOf>[1]) => {
  const { presence, depth } = detectionMapsOf(spec.labels, things);
  return detect(presence, depth, spec);
};
/** Things where grass fills the rest of every cell. */
const onGrass = (...things: Parameters<typeof detectionMapsOf>[1]) => {
  const { presence, depth } = detectionMapsOf(spec.labels, things, 'grass');
  return detect(presence, depth, spec).filter(({ label }) => label !== 'grass');
};
const close = (box: Box) => box.map((edge) => expect.closeTo(edge, 3));

describe('detections', () => {
  it('finds a thing with its box and nearness', () => {
    const [sheep, ...rest] = look({ label: 'sheep', box: [0.25, 0.5, 0.5, 0.75], depth: 0.5 });
    expect(rest).toEqual([]);
    expect(sheep).toEqual({
      label: 'sheep',
      box: close([0.25, 0.5, 0.5, 0.75]),
      score: 1,
      depth: expect.closeTo(0.5, 3),
    });
  });

  it('places edges more finely than the grid', () => {
    const box: Box = [0.26, 0.52, 0.48, 0.73];
    expect(look({ label: 'sheep', box, depth: 1 })[0]!.box).toEqual(close(box));
    expect(onGrass({ label: 'sheep', box, depth: 0.6 })[0]!.depth).toBeCloseTo(0.6, 3);
  });

  it('tells two of a label apart, the more certain first', () => {
    const found = onGrass(
      { label: 'sheep', box: [0, 0.5, 0.25, 0.75], depth: 0.5, strength: 0.8 },
      { label: 'sheep', box: [0.5, 0.5, 0.75, 0.75], depth: 1 },
    );
    expect(found.map(({ score, depth }) => [score, depth])).toEqual([
      [1, 1],
      [expect.closeTo(0.8), expect.closeTo(0.5)],
    ]);
  });

  it('sees how near a thing is that it is unsure of: what stands there is as near, whatever it is', () => {
    const box: Box = [0.25, 0.5, 0.5, 0.75];
    const found = look({ label: 'tree', box, depth: 0.5 }, { label: 'sheep', box, depth: 0.5, strength: 0.6 });
    expect(found.map(({ label, depth }) => [label, depth])).toEqual([
      ['tree', expect.closeTo(0.5)],
      ['sheep', expect.closeTo(0.5)],
    ]);
  });

  it('takes a cell for full of things where no word for them is sure', () => {
    const box: Box = [0.25, 0.5, 0.5, 0.75];
    const { presence, depth } = detectionMapsOf(spec.labels, [
      { label: 'sheep', box, depth: 0.5, strength: 0.55 },
      { label: 'tree', box, depth: 0.5, strength: 0.45 },
    ]);
    for (const [cell, near] of depth.data.entries()) depth.data[cell] = near > 0 ? 0.5 : 0;
    expect(detect(presence, depth, spec)).toMatchObject([{ label: 'sheep', depth: expect.closeTo(0.5) }]);
  });

  it('lets no ground stand in front of anything', () => {
    const found = look(
      { label: 'grass', box: [0, 0.5, 1, 1], depth: 0 },
      { label: 'tree', box: [0.25, 0.25, 0.5, 0.75], depth: 1 },
    );
    expect(found.map(({ label, depth }) => [label, depth])).toEqual([
      ['tree', 1],
      ['grass', 0],
    ]);
  });

  it('joins cells that touch by a corner', () => {
    const found = look(
      { label: 'tree', box: [0, 0, 0.125, 0.125], depth: 1 },
      { label: 'tree', box: [0.125, 0.125, 0.25, 0.25], depth: 1 },
    );
    expect(found.map(({ box }) => box)).toEqual([close([0, 0, 0.25, 0.25])]);
  });

  it('takes the parts of a ground as one, even where a thing stands between them', () => {
    const found = look(
      { label: 'grass', box: [0, 0.5, 0.25, 1], depth: 0 },
      { label: 'grass', box: [0.75, 0.5, 1, 1], depth: 0 },
    );
    expect(found.map(({ label, box }) => [label, box])).toEqual([['grass', close([0, 0.5, 1, 1])]]);
  });

  it('goes by the threshold of each label', () => {
    const faint = (label: string) => look({ label, box: [0, 0, 0.5, 0.5], depth: 1, strength: 0.55 }).length;
    expect([faint('sheep'), faint('tree')]).toEqual([1, 0]);
    expect(look()).toEqual([]);
  });

  it('refuses maps that do not fit the labels', () => {
    const { presence, depth } = detectionMapsOf(['sheep'], []);
    expect(() => detect(presence, depth, spec)).toThrow(/3 labels/);
  });

  it('reads labels, thresholds and regions from a manifest', () => {
    const manifest = {
      vocabulary: { objects: ['dog', 'sand', 'sky'], predicates: [], attributes: [] },
      verifier: { grid: 16, thresholds: [0.3, 0.4, 0.5] },
      kinds: { dog: 'animal', sand: 'ground', sky: 'backdrop' },
    };
    expect(detectionSpecOf(manifest)).toEqual({
      labels: ['dog', 'sand', 'sky'],
      thresholds: [0.3, 0.4, 0.5],
      regions: new Map([
        ['sand', 'ground'],
        ['sky', 'backdrop'],
      ]),
    });
  });
});
