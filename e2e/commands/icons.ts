/** `npm run icons`: the web app's PNG icons, drawn from public/icon.svg. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const folder = join(import.meta.dirname, '../../public');
const logo = readFileSync(join(folder, 'icon.svg'), 'utf8');

/** Systems cut a maskable icon to their own shape: the ground fills the square, and the drawing keeps to the middle 80 %. */
function maskable(svg: string): string {
  const ground = /<rect[^>]*fill="([^"]+)"/.exec(svg)?.[1];
  const drawing = /<g[\s\S]*<\/g>/.exec(svg)?.[0];
  if (ground === undefined || drawing === undefined) throw new Error('icon.svg has no ground or no drawing.');
  const inner = `<g transform="translate(32 32) scale(0.8) translate(-32 -32)">${drawing}</g>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="${ground}"/>${inner}</svg>`;
}

const icons: readonly (readonly [name: string, svg: string, size: number])[] = [
  ['icon-192', logo, 192],
  ['icon-512', logo, 512],
  ['icon-maskable-512', maskable(logo), 512],
  ['apple-touch-icon', maskable(logo), 180],
];

mkdirSync(join(folder, 'icons'), { recursive: true });
for (const [name, svg, size] of icons) {
  const png = new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
  writeFileSync(join(folder, `icons/${name}.png`), png);
  process.stdout.write(`${name}.png  ${size} × ${size}  ${png.length} bytes\n`);
}
