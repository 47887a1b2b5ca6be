import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineError } from '#engine/contract/engine-error.ts';
import {
  type Manifest,
  MODEL_FORMAT,
  MODEL_VERSION,
  type PackageFile,
  packageFiles,
  STUDENT_FILE,
} from '#engine/contract/manifest.ts';
import { folderSource } from './package-folder.ts';
import { type DownloadProgress, loadPackage, type PackageCache } from './package-loader.ts';

const contents = Object.fromEntries(
  packageFiles.map((name, i) => [name, Uint8Array.from({ length: 1000 + i }, (_, at) => (at * (i + 3)) % 251)]),
) as Record<PackageFile, Uint8Array>;

const manifest: Manifest = {
  format: MODEL_FORMAT,
  version: MODEL_VERSION,
  kind: 'picturebook',
  name: 'small',
  title: 'Small',
  vocabulary: { objects: ['sheep', 'tree'], predicates: ['left of'], attributes: [] },
  styles: ['noto'],
  limits: { objects: 30, relations: 60 },
  image: { width: 64, height: 64 },
  latent: { channels: 4, height: 4, width: 4 },
  parametrisation: 'edm',
  sigma: { min: 0.02, max: 80, data: 1 },
  defaults: { sampler: 'euler', steps: 4, guidanceScale: 2, style: 'any' },
  verifier: { grid: 8, thresholds: [0.5, 0.5] },
  files: Object.fromEntries(
    Object.entries(contents).map(([name, bytes]) => [
      name,
      { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
    ]),
  ),
  licence: 'Apache-2.0',
  credits: [],
  kinds: {},
  likely: [],
  training: {},
  evaluation: {},
};

/** A package in a new folder; undefined leaves a file out. */
function folderWith(
  change: Partial<Record<string, Uint8Array | undefined>> = {},
  text = JSON.stringify(manifest),
): string {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
  for (const [name, bytes] of Object.entries({ ...contents, 'manifest.json': Buffer.from(text), ...change })) {
    if (bytes) writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

/** A manifest with drawings of its labels. */
function withSprites(change: object, bytes: number | undefined = undefined): string {
  const sprites = { file: 'sprites.png', side: 40, columns: 8, labels: ['sheep', 'tree'], ...change };
  const listed = bytes === undefined ? {} : { 'sprites.png': { bytes, sha256: 'a'.repeat(64) } };
  return JSON.stringify({ ...manifest, sprites, files: { ...manifest.files, ...listed } });
}

async function faultOfLoading(folder: string): Promise<EngineError> {
  const error = await loadPackage(folderSource(folder)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`);
  return error;
}

/** What the Cache API does, in memory. */
function memoryCache(): PackageCache & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    get: async (model, sha256) => kept.get(`${model}/${sha256}`),
    put: async (model, sha256, bytes) => void kept.set(`${model}/${sha256}`, bytes),
    async keepOnly(model, sha256s) {
      for (const key of kept.keys()) if (!sha256s.some((hash) => key === `${model}/${hash}`)) kept.delete(key);
    },
  };
}

describe('a model package', () => {
  it('is read whole, with its progress', async () => {
    const seen: DownloadProgress[] = [];
    const {
      files,
      verified,
      manifest: read,
    } = await loadPackage(folderSource(folderWith()), {
      onProgress: (progress) => seen.push(progress),
    });
    expect(read).toEqual(manifest);
    expect(files).toEqual(contents);
    expect(verified).toBe(true);
    const total = Object.values(contents).reduce((sum, { length }) => sum + length, 0);
    expect(seen.map(({ file }) => file).sort()).toEqual([...packageFiles].sort());
    expect(seen.at(-1)).toMatchObject({ loaded: total, total });
    expect(seen.map(({ loaded }) => loaded)).toEqual(seen.map(({ loaded }) => loaded).sort((a, b) => a - b));
  });

  it('asks for the weights of a student where the manifest has one, and loads them', async () => {
    const student = { sigmas: [80, 3] };
    const asked = (entry: object) => JSON.stringify({ ...manifest, student, files: { ...manifest.files, ...entry } });
    await expect(loadPackage(folderSource(folderWith({}, asked({}))))).rejects.toThrow(
      'files: student.safetensors is not listed',
    );
    const bytes = Uint8Array.of(1, 2, 3);
    const entry = { [STUDENT_FILE]: { bytes: 3, sha256: createHash('sha256').update(bytes).digest('hex') } };
    const { files } = await loadPackage(folderSource(folderWith({ [STUDENT_FILE]: bytes }, asked(entry))));
    expect(files).toEqual({ ...contents, [STUDENT_FILE]: bytes });
    const rising = JSON.stringify({ ...JSON.parse(asked(entry)), student: { ...student, sigmas: [3, 80] } });
    await expect(loadPackage(folderSource(folderWith({}, rising)))).rejects.toThrow('student.sigmas: must fall');
  });

  it.each(packageFiles)('names %s when it is missing, damaged, short or long', async (name) => {
    const flipped = contents[name].slice();
    flipped[500]! ^= 1;
    const cases = [
      ['model-not-found', folderWith({ [name]: undefined })],
      ['model-damaged', folderWith({ [name]: flipped })],
      ['model-damaged', folderWith({ [name]: contents[name].slice(1) })],
      ['model-damaged', folderWith({ [name]: Buffer.concat([contents[name], Buffer.of(0)]) })],
    ] as const;
    for (const [code, folder] of cases) {
      const { code: found, message } = await faultOfLoading(folder);
      expect([found, message]).toEqual([code, expect.stringContaining(name)]);
      expect(message).not.toContain('\n');
    }
  });

  it('says so when there is no package', async () => {
    expect(await faultOfLoading(join(tmpdir(), 'no-such-model'))).toMatchObject({
      code: 'model-not-found',
      message: expect.stringMatching(/manifest\.json cannot be read: there is no such file/),
    });
  });

  it.each([
    ['model-damaged', '{"format":', /not JSON/],
    ['model-damaged', '<!doctype html>', /not JSON/],
    ['model-damaged', '[]', /no model package/],
    ['model-unsupported', JSON.stringify({ ...manifest, version: 2 }), /version 2; this program reads version 1/],
    ['model-unsupported', JSON.stringify({ ...manifest, kind: 'oracle' }), /kind "oracle"; known are /],
    [
      'model-damaged',
      JSON.stringify({ ...manifest, latent: { channels: 0, height: 4, width: 4 } }),
      /latent\.channels/,
    ],
    [
      'model-damaged',
      JSON.stringify({ ...manifest, latent: { channels: 4, height: 4, width: 4, unguided: [4] } }),
      /latent: has no such channel/,
    ],
    ['model-damaged', JSON.stringify({ ...manifest, files: {} }), /graph-encoder\.onnx is not listed/],
    ['model-damaged', JSON.stringify({ ...manifest, verifier: { grid: 8, thresholds: [0.5] } }), /1 for 2 labels/],
    ['model-damaged', JSON.stringify({ ...manifest, sigma: { min: 5, max: 1, data: 1 } }), /sigma/],
    [
      'model-damaged',
      JSON.stringify({ ...manifest, defaults: { ...manifest.defaults, style: 'x' } }),
      /"x" is none of noto, any/,
    ],
    ['model-damaged', withSprites({ labels: ['sheep', 'sheep'] }, 9), /sprites\.labels: a label is there twice/],
    ['model-damaged', withSprites({ labels: [] }), /sprites\.labels/],
    ['model-damaged', withSprites({ file: '../sprites.svg' }), /sprites\.file/],
    ['model-damaged', withSprites({}, 1_000_001), /sprites\.png has 1000001 bytes/],
    ['model-damaged', withSprites({}, undefined), /sprites\.png is not listed/],
    ['model-damaged', ' '.repeat(4_000_001), /at most 4000000/],
  ])('refuses a bad manifest: %s', async (code, text, message) => {
    expect(await faultOfLoading(folderWith({}, text))).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('does not read outside what the manifest may name', async () => {
    const files = { ...manifest.files, '../../secret': { bytes: 1, sha256: 'a'.repeat(64) } };
    const { files: read } = await loadPackage(folderSource(folderWith({}, JSON.stringify({ ...manifest, files }))));
    expect(Object.keys(read).sort()).toEqual([...packageFiles].sort());
  });
});

describe('the cache', () => {
  it('spares the second reading, and forgets files of older versions', async () => {
    const cache = memoryCache();
    cache.kept.set('small/old', Uint8Array.of(1));
    await loadPackage(folderSource(folderWith()), { cache });
    expect(cache.kept.size).toBe(packageFiles.length);
    const onlyManifest = folderWith(Object.fromEntries(packageFiles.map((name) => [name, undefined])));
    const { files } = await loadPackage(folderSource(onlyManifest), { cache });
    expect(files).toEqual(contents);
  });

  it('keeps the drawings too, which are read later', async () => {
    const cache = memoryCache();
    cache.kept.set(`small/${'a'.repeat(64)}`, Uint8Array.of(1));
    await loadPackage(folderSource(folderWith({}, withSprites({}, 9))), { cache });
    expect(cache.kept.size).toBe(packageFiles.length + 1);
  });

  it('is not trusted', async () => {
    const cache = memoryCache();
    const key = `small/${manifest.files['decoder.onnx']!.sha256}`;
    cache.kept.set(key, new Uint8Array(contents['decoder.onnx'].length));
    const { files } = await loadPackage(folderSource(folderWith()), { cache });
    expect(files['decoder.onnx']).toEqual(contents['decoder.onnx']);
    expect(cache.kept.get(key)).toEqual(contents['decoder.onnx']);
  });

  it('may fail without harm', async () => {
    const fail = () => Promise.reject(new Error('quota exceeded'));
    const { files } = await loadPackage(folderSource(folderWith()), {
      cache: { get: fail, put: fail, keepOnly: fail },
    });
    expect(files).toEqual(contents);
  });
});
