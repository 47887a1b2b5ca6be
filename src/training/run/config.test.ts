import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, defaultConfig, loadConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));

function fileWith(text: string): string {
  const file = join(folder, 'config.json');
  writeFileSync(file, text);
  return file;
}

test('no file: the defaults; a file overrides what it names and nothing else', () => {
  expect(loadConfig()).toEqual(defaultConfig);
  const file = fileWith(
    '{ "seed": 9, "minutes": { "clip": 0.5 }, "autoencoder": { "things": { "min": 1, "max": 2 } } }',
  );
  expect(loadConfig(file)).toEqual({
    ...defaultConfig,
    seed: 9,
    minutes: { ...defaultConfig.minutes, clip: 0.5 },
    autoencoder: { ...defaultConfig.autoencoder, things: { min: 1, max: 2 } },
  });
});

test.each([
  ['{ "clip": { "batch": "many" } }', /config\.json: clip\.batch: .*number/i],
  ['{ "clip": { "batch": 2.5 } }', /config\.json: clip\.batch: .*integer/i],
  ['{ "graphEncoder": { "fusion": "mixed" } }', /graphEncoder\.fusion: .*"labels"/],
  ['{ "clip": { "image": { "widths": [1] } } }', /clip\.image\.widths/],
  ['{ "imageSize": 200 }', /imageSize: must be a multiple of 32/],
  ['{ "minutes": { "denoizer": 3 } }', /minutes\.denoizer/],
  ['{ "things": { "min": 4, "max": 2 } }', /config\.json: things: must be a range within 1 … 6/],
  ['{ "latents": { "things": { "min": 2, "max": 9 } } }', /latents\.things: must be a range/],
  ['{ "finetune": { "kept": 0.5 } }', /finetune\.kept: there are no weights to keep: .*"start"/],
  ['[1, 2]', /config\.json: name: /],
  ['{ "seed": \n 7,, }', /config\.json: is not JSON/],
])('%s is refused with the file and the place', (text, message) => {
  const load = () => loadConfig(fileWith(text));
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(message);
  expect(load).not.toThrow(/\n/);
});

test('a file that is not there is named', () => {
  expect(() => loadConfig(join(folder, 'none.json'))).toThrow(/none\.json: cannot be read/);
});
