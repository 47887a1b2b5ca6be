/** What the seed's field shows beside the start picture: a new model may need another seed for it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '../../src/editor/examples/start/picture.json');

export const startSeed = String(
  (JSON.parse(readFileSync(file, 'utf8')) as { settings: { seed: number } }).settings.seed,
);
