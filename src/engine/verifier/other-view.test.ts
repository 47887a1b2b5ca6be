import { describe, expect, it } from 'vitest';
import { graphOf } from '#graph/graph-of.fixture.ts';
import type { Box } from '#graph/places/geometry.ts';
import { detectionMapsOf } from './detection-maps.fixture.ts';
import { fromOtherView, otherView } from './other-view.ts';
import { verify } from './verify.ts';

/** Grey, with a red square from 64 to 96 across and from 32 to 64 down. */
function picture() {
  const side = 256;
  const pixels = new Uint8ClampedArray(4 * side * side).fill(128);
  for (let y = 32; y < 64; y++) for (let x = 64; x < 96; x++) pixels.set([255, 0, 0, 255], 4 * (y * side + x));
  return { width: side, height: side, pixels };
}

describe('another view of a picture', () => {
  it('shows it mirrored and smaller; a box of it leads back to the place', () => {
    const { width, pixels } = otherView(picture());
    const red = Array.from({ length: pixels.length / 4 }, (_, i) => i).filter(
      (i) => pixels[4 * i]! > 190 && pixels[4 * i + 1]! < 64,
    );
    const [columns, rows] = [red.map((i) => i % width), red.map((i) => Math.floor(i / width))];
    const seen = [Math.min(...columns), Math.min(...rows), Math.max(...columns) + 1, Math.max(...rows) + 1];
    const box = seen.map((edge) => edge / width) as unknown as Box;
    // Mirrored: its middle at 80 of 256 is at 176, and a tenth nearer to the picture's middle.
    expect((seen[0]! + seen[2]!) / 2).toBeCloseTo(128 + 48 * 0.9, -1);
    expect(seen[2]! - seen[0]!).toBeCloseTo(32 * 0.9, -1);
    expect(fromOtherView(box)).toEqual([64, 32, 96, 64].map((edge) => expect.closeTo(edge / 256, 1)));
  });

  it('draws the border out, and what reaches it there reaches it in the picture', () => {
    const view = otherView(picture());
    expect(view.pixels).toHaveLength(4 * 256 * 256);
    expect([...view.pixels.subarray(0, 4)]).toEqual([128, 128, 128, 128]);
    expect(fromOtherView([0, 0.5, 1, 1])).toEqual([0, 0.5, 1, 1]);
  });

  it('turns sides back: what is on its right is on the picture’s left', () => {
    const graph = graphOf(['sheep', 'tree'], [[0, 'left of', 1]]);
    const spec = { labels: ['sheep', 'tree'], thresholds: [0.5, 0.5], regions: new Map() };
    const maps = detectionMapsOf(spec.labels, [
      { label: 'sheep', box: [0.7, 0.4, 0.85, 0.6], depth: 1 },
      { label: 'tree', box: [0.2, 0.4, 0.35, 0.6], depth: 1 },
    ]);
    expect(verify(graph, maps, spec, fromOtherView).relations).toEqual({ r1: 'found' });
    expect(verify(graph, maps, spec).relations).toEqual({ r1: 'missing' });
  });
});
