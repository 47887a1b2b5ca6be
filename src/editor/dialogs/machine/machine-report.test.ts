import { describe, expect, it } from 'vitest';
import { pictureRecord } from '#editor/history/picture-record.fixture.ts';
import type { EngineStatus } from '#engine/client/status.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { type BrowserFacts, machineReport, reportText } from './machine-report.ts';

const browser: BrowserFacts = {
  userAgent: 'Mozilla/5.0 (X11)',
  build: 'index-abc.js',
  cores: 2,
  isIsolated: true,
  memory: 312_000_000,
  storage: { usage: 40_000_000, quota: 2e9, isPersisted: false },
};
const manifest: ModelFacts = {
  name: 'my-secret-model',
  title: 'Grandmother’s attic',
  kind: 'stable-diffusion',
  styles: [],
  limits: { objects: 30, relations: 60 },
  image: { width: 512, height: 512 },
  latent: { channels: 4, height: 64, width: 64 },
  licence: '',
  kinds: {},
  credits: [],
  likely: [],
  vocabulary: { objects: [], predicates: [], attributes: [] },
  defaults: { sampler: 'euler', steps: 20, guidanceScale: 7, style: 'any' },
};
const ready: EngineStatus = {
  type: 'ready',
  manifest,
  machine: { backend: 'webgpu', adapter: 'nvidia ampere', precision: 'half' },
};
const record = pictureRecord(
  { graph: graphOf(['unicorn'], []), name: 'holiday', model: manifest.name },
  { milliseconds: 2034, stages: { read: 12.4, denoise: 1700, decode: 120, preview: 100, verify: 60 } },
);
const text = (status: EngineStatus, isBuiltIn: boolean, facts = browser) =>
  reportText(machineReport({ status, notices: [], over: manifest }, record, facts, () => isBuiltIn));

describe('the report', () => {
  it('says what paints, on what, and how long each part of the last picture took', () => {
    const report = text(ready, true);
    for (const part of [
      'Model: Grandmother’s attic, as it came with the app',
      'Backend: WebGPU',
      'Adapter: nvidia ampere',
      'Precision: half',
      'Whole: 2,034 ms on wasm, euler, 4 steps',
      'Graph: 12 ms',
      'Denoiser: 1,700 ms',
      'Around them: 42 ms',
      'Memory: 312',
      'Storage: 40',
      'Release: index-abc.js',
    ])
      expect(report).toContain(part);
    expect(text({ ...ready, machine: { backend: 'wasm', threads: 2 } }, true)).toContain('Backend: WASM · 2 threads');
  });

  it('holds nothing of the user’s: no name of a model, a picture or a file, and no word of a graph', () => {
    const fault = { code: 'model-damaged', message: '/home/ada/attic/unet.onnx is cut off.' } as const;
    for (const status of [ready, { type: 'failed', fault }, { type: 'loading', loaded: 0, total: 0 }] as const) {
      expect(text(status, false)).not.toMatch(/secret|attic|unicorn|holiday|home/i);
    }
    expect(text({ type: 'failed', fault }, false)).toContain('none (model-damaged)');
  });

  it('says what cannot be known', () => {
    const report = text(ready, true, { ...browser, memory: null, storage: null, isIsolated: false });
    expect(report).toMatch(/Memory: not told\n {2}Storage: not told/);
    expect(report).toContain('one in use');
  });
});
