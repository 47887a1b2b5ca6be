import { readFileSync } from 'node:fs';
import { imageSize } from 'image-size';
import { describe, expect, it } from 'vitest';
import { pictureOfStyle } from './style-pictures.ts';

const { styles } = JSON.parse(
  readFileSync(new URL('../../../../public/models/picturebook/manifest.json', import.meta.url), 'utf8'),
) as { readonly styles: readonly string[] };

describe('pictures of styles', () => {
  it.each([...styles, 'any'])('%s comes with the app, in at most 4 kB', (style) => {
    expect(pictureOfStyle(style)).toBeDefined();
    const bytes = readFileSync(new URL(`./style-pictures/${style}.webp`, import.meta.url));
    expect(imageSize(bytes)).toMatchObject({ type: 'webp', width: 128, height: 96 });
    expect(bytes.length).toBeLessThanOrEqual(4000);
  });

  it('does without for a style of another package', () => {
    for (const style of ['watercolour', '', '__proto__', '../style-pictures/noto']) {
      expect(pictureOfStyle(style)).toBeUndefined();
    }
  });
});
