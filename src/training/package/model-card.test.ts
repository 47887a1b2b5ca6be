import { expect, test } from 'vitest';
import type { Manifest } from '#engine/contract/manifest.ts';
import { defaultConfig } from '#training/run/config.ts';
import { modelCard } from './model-card.ts';

const manifest: Manifest = {
  format: 'sgraffito/model',
  version: 1,
  kind: 'picturebook',
  name: 'test',
  title: 'Test world',
  vocabulary: { objects: ['sheep', 'tree'], predicates: ['left of'], attributes: [] },
  styles: ['noto'],
  limits: { objects: 30, relations: 60 },
  image: { width: 128, height: 128 },
  latent: { channels: 64, height: 8, width: 8 },
  parametrisation: 'edm',
  sigma: { min: 0.02, max: 80, data: 1 },
  defaults: { sampler: 'euler', steps: 4, guidanceScale: 3, style: 'noto' },
  verifier: { grid: 16, thresholds: [0.5, 0.5] },
  files: {},
  licence: 'Apache-2.0',
  credits: ['Noto Emoji, Apache-2.0'],
  kinds: {},
  likely: [],
  training: { config: defaultConfig, seconds: { clip: 600, denoiser: 6600 } },
  evaluation: {},
};

test('the card tells how long each stage trained, what the model knows and whom to credit', () => {
  const card = modelCard(manifest);
  expect(card).toContain('2.0 hours of training in all');
  expect(card).toContain('| denoiser | 110.0 |');
  expect(card).toContain('2 object labels: sheep, tree.');
  expect(card).toContain('- Noto Emoji, Apache-2.0');
  expect(card).toContain('Not evaluated yet');
  expect(card).not.toContain('undefined');
});

test('scores stand beside ceiling and floor; one that could not be measured is a dash', () => {
  const oor = { value: 0.61234, ceiling: 0.9, floor: 0.1, n: 200 };
  const card = modelCard({ ...manifest, evaluation: { oor, is: { ...oor, value: null }, seed: 0 } });
  expect(card).toContain('| oor | 0.612 | 0.900 | 0.100 | 200 |');
  expect(card).toContain('| is | – | 0.900 | 0.100 | 200 |');
  expect(card).not.toContain('Not evaluated');
  expect(card).not.toContain('| seed');
});

test('what people saw follows the scores', () => {
  const notes = '### Looked at\n\nThree sheep are three.\n';
  expect(modelCard(manifest, notes)).toMatch(
    /Not evaluated yet[^\n]*\n\n### Looked at\n\nThree sheep are three\.\n\n## Limits/,
  );
});

test('the card gives the frequencies of the painter’s graphs', () => {
  const graphs = { graphs: 10, relations: [0.2, 0.8], equal: { 2: 0.1, 3: 0, 4: 0 }, words: { riding: 0.3 } };
  const card = modelCard({ ...manifest, training: { ...manifest.training, graphs } });
  expect(card).toContain('riding 30.0 %');
  expect(card).toContain('two in 10.0 % of the graphs');
  expect(modelCard(manifest)).not.toContain('graphs ask for');
});

test('the card says what earlier runs did otherwise', () => {
  const config = { ...defaultConfig, history: ['10 minutes with λ = 1', '5 minutes on one thread'] };
  const card = modelCard({ ...manifest, training: { config, seconds: {} } });
  expect(card).toContain('Before that, in order:\n\n1. 10 minutes with λ = 1\n1. 5 minutes on one thread\n');
  expect(modelCard(manifest)).not.toContain('Before that');
});

test('the card says how much of the weights before is kept', () => {
  const config = { ...defaultConfig, start: 'picturebook', finetune: { ...defaultConfig.finetune, kept: 0.5 } };
  const card = modelCard({ ...manifest, training: { config, seconds: {} } });
  expect(card).toContain('A share of 0.5 of the weights before fine-tuning is kept');
  expect(modelCard(manifest)).not.toContain('is kept');
});

test('the card says what the package went on from, and how long that was trained', () => {
  const config = { ...defaultConfig, start: 'picturebook' };
  const card = modelCard({ ...manifest, training: { config, seconds: { finetune: 3600 }, before: 18_000 } });
  expect(card).toContain('1.0 hours of training in all. It went on from "picturebook", behind which are 5.0 more.');
  expect(modelCard(manifest)).not.toContain('went on');
});
