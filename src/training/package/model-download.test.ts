/** Downloads against a real server that drops connections, changes files and lies. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadAnyPackage } from '#engine/any-package.ts';
import { addressOf, checkPlace } from '#engine/contract/model-place.ts';
import { Engine } from '#engine/engine.ts';
import { farSource } from '#engine/host/browser-source.ts';
import { download } from '#engine/package/download.ts';
import { type FileStore, memoryStore, storeFolder } from '#engine/package/file-store.ts';
import { diskStore } from '#engine/package/file-store-disk.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { type ModelHost, serveModels } from './model-host.fixture.ts';
import { writeTinyStableDiffusion } from './stable-diffusion.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 251);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const pauses = [1, 1, 1];

let host: ModelHost;
let folder: string;
let url: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
  writeFileSync(join(folder, 'w.bin'), bytes);
  host = await serveModels({ 'a/b': folder });
  url = `${host.url}a/b/resolve/main/w.bin`;
});
afterEach(() => host.close());

const stores: readonly (readonly [string, () => FileStore])[] = [
  ['memory', memoryStore],
  ['disk', () => diskStore(mkdtempSync(join(tmpdir(), 'sgraffito-store-')))],
];

describe.each(stores)('a download into %s', (_, createStore) => {
  let store: FileStore;
  beforeEach(() => {
    store = createStore();
  });
  const fetchIt = (change: Partial<Parameters<typeof download>[1]> = {}) =>
    download(url, { store, key: 'place/w.bin', name: 'w.bin', maxBytes: 1_000_000, pauses, ...change });
  const asked = () => host.requests.filter((line) => line.startsWith('GET')).map((line) => line.split(' ')[2]);

  it('goes on by itself where the connection broke, and counts its bytes', async () => {
    host.cut('w.bin', 30_000, 2);
    const seen: number[] = [];
    const file = await fetchIt({ sha256, onProgress: (loaded) => seen.push(loaded) });
    expect(await file.read()).toEqual(bytes);
    expect(asked()).toEqual([undefined, 'bytes=30000-', 'bytes=60000-']);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(bytes.length);
  });

  it('gives up with one sentence, keeps what came, and goes on at the next try', async () => {
    host.cut('w.bin', 40_000, 1);
    host.cut('w.bin', 0, 3);
    await expect(fetchIt()).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringMatching(/^w\.bin broke off after 40 kB of 100 kB: .*try again to go on from there\.$/),
    });
    expect((await store.look('place/w.bin')).bytes).toBe(40_000);
    expect(await (await fetchIt({ sha256 })).read()).toEqual(bytes);
    expect(asked().at(-1)).toBe('bytes=40000-');
    const before = host.requests.length;
    await fetchIt({ sha256 });
    expect(host.requests.length).toBe(before);
  });

  it('asks anew where the server fell silent, and gives up when it stays so', async () => {
    host.stall('w.bin', 30_000, 1);
    expect(await (await fetchIt({ sha256, stallMs: 100 })).read()).toEqual(bytes);
    expect(asked()).toEqual([undefined, 'bytes=30000-']);
    host.stall('w.bin', 40_000, 1);
    host.stall('w.bin', undefined, 9);
    const key = 'place/other';
    await expect(fetchIt({ key, stallMs: 100 })).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringMatching(/^w\.bin broke off after 40 kB of 100 kB: the server sent nothing for 0\.1 s/),
    });
    expect((await store.look(key)).bytes).toBe(40_000);
  });

  it.each([
    ['does not answer', undefined],
    ['fell silent', 1000],
  ])('is given up at once when its server %s', async (_case, afterBytes) => {
    host.stall('w.bin', afterBytes, 9);
    const abort = new AbortController();
    const wanted = fetchIt({ signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 50);
    await expect(wanted).rejects.toThrow('enough');
  });

  it('does not join two versions of a file', async () => {
    host.cut('w.bin', 40_000, 1);
    host.cut('w.bin', 0, 3);
    await fetchIt({ bytes: bytes.length }).catch(() => undefined);
    const newer = bytes.slice(1);
    writeFileSync(join(folder, 'w.bin'), newer);
    expect(await (await fetchIt({ bytes: newer.length })).read()).toEqual(newer);
  });

  it('refuses bytes that hash to something else, and forgets them', async () => {
    await expect(fetchIt({ sha256: 'a'.repeat(64) })).rejects.toMatchObject({
      code: 'model-damaged',
      message: expect.stringMatching(/SHA-256/),
    });
    expect((await store.look('place/w.bin')).bytes).toBe(0);
  });

  it('refuses more than it may be, before and while it comes', async () => {
    await expect(fetchIt({ maxBytes: 1000 })).rejects.toMatchObject({ message: expect.stringMatching(/at most 1 kB/) });
  });

  it('stops when nobody wants it any more, and keeps what came', async () => {
    const abort = new AbortController();
    const wanted = fetchIt({ signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) });
    await expect(wanted).rejects.toThrow('enough');
    expect((await store.look('place/w.bin')).bytes).toBeGreaterThan(0);
  });
});

it('says at once that the disk is full, and keeps what came', async () => {
  const place = mkdtempSync(join(tmpdir(), 'sgraffito-store-'));
  const [{ href: downloads }, { href: stores }] = ['download', 'file-store-disk'].map(
    (name) => new URL(`../../engine/package/${name}.ts`, import.meta.url),
  ) as [URL, URL];
  const options = `{ store: diskStore(${JSON.stringify(place)}), key: 'place/w.bin', name: 'w.bin', maxBytes: 1e6 }`;
  const program = `
    const { download } = await import(${JSON.stringify(downloads)});
    const { diskStore } = await import(${JSON.stringify(stores)});
    await download(${JSON.stringify(url)}, ${options}).catch(({ code, message }) => console.log(code, message));`;
  // The system lets this process write files of 16 kB, and fails in the middle of a larger one, as a full disk does.
  const limited = ['-c', 'ulimit -f 16; exec "$@"', 'bash', process.execPath, '--import', 'tsx', '--input-type=module'];
  const child = spawn('bash', [...limited, '-e', program]);
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  await once(child, 'close');
  expect(said).toMatch(
    /^out-of-memory There is no room left for w\.bin: \d+ (bytes|kB) have come and are kept\. Make room/,
  );
  expect(host.requests.filter((line) => line.startsWith('GET'))).toHaveLength(1);
});

describe('a hub', () => {
  it('says lengths and hashes beforehand, and its files are there without a network afterwards', async () => {
    writeFileSync(join(folder, 'model.onnx'), bytes);
    const store = memoryStore();
    const place = { type: 'hub', name: 'a/b', hub: host.url } as const;
    const source = farSource(place, store);
    expect(await source.stat('model.onnx')).toEqual({ bytes: bytes.length, sha256, kept: 0 });
    expect(await source.stat('nothing')).toBeUndefined();
    await source.open('model.onnx', { maxBytes: 1_000_000 });
    await source.read('w.bin', { maxBytes: 1_000_000, keep: true });
    await host.close();
    const offline = farSource(place, store);
    expect(await (await offline.open('model.onnx', { maxBytes: 1_000_000 })).read()).toEqual(bytes);
    expect(await offline.read('w.bin', { maxBytes: 1_000_000 })).toEqual(bytes);
    await expect(offline.read('other', { maxBytes: 10 })).rejects.toMatchObject({ code: 'model-not-found' });
    host = await serveModels({});
    expect(readFileSync(join(folder, 'w.bin')).length).toBe(bytes.length);
  });
});

describe('a damaged download that no hash is known of', () => {
  it.each([
    ['is no model', (whole: Buffer) => whole.fill(7)],
    ['is one that the runtime cannot read', (whole: Buffer) => whole.fill(7, whole.length - 40)],
  ])('is named, deleted, and fetched anew: it %s', async (_, damage) => {
    const model = writeTinyStableDiffusion();
    await host.close();
    host = await serveModels({ 'a/b': model });
    const file = join(model, 'unet', 'model.onnx');
    const whole = readFileSync(file);
    writeFileSync(file, damage(Buffer.from(whole)));
    const store = diskStore(mkdtempSync(join(tmpdir(), 'sgraffito-store-')));
    const open = async () => {
      const source = farSource({ type: 'url', url: `${host.url}a/b/resolve/main/` }, store);
      return Engine.open(await loadAnyPackage(source, { title: 'tiny' }), nodeRuntime);
    };
    await expect(open()).rejects.toMatchObject({
      code: 'model-damaged',
      message: expect.stringMatching(
        /^unet\/model\.onnx is damaged: .*deleted on this computer: try again to fetch it anew\.$/,
      ),
    });
    writeFileSync(file, whole);
    const engine = await open();
    expect(engine.manifest.kind).toBe('stable-diffusion');
    await engine.release();
  });
});

describe('a hub that takes connections and never answers', () => {
  const place = () => ({ type: 'hub', name: 'a/b', hub: host.url }) as const;
  const options = { maxBytes: 1_000_000, keep: true };

  it('is asked once: what is kept is read, what is not is said to be missing', async () => {
    const store = memoryStore();
    const source = farSource(place(), store);
    await source.open('w.bin', options);
    writeFileSync(join(folder, 'config.json'), '{}');
    await source.read('config.json', options);
    host.stall('', undefined, 99);
    const before = host.requests.length;
    const silent = farSource(place(), store, { stallMs: 100 });
    expect(await silent.read('config.json', options)).toEqual(new TextEncoder().encode('{}'));
    expect(await (await silent.open('w.bin', options)).read()).toEqual(bytes);
    expect(await silent.stat('w.bin')).toMatchObject({ bytes: bytes.length, kept: bytes.length });
    await expect(silent.read('other', options)).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringMatching(/cannot be fetched: the server sent nothing for 0\.1 s\.$/),
    });
    expect(host.requests.length).toBe(before + 1);
  });

  it.each([
    ['in its list', 'tree/main'],
    ['in a file', 'w.bin'],
  ])('is left at once when it is no longer wanted, silent %s', async (_, path) => {
    host.stall(path, undefined, 9);
    const abort = new AbortController();
    const source = farSource(place(), memoryStore(), { signal: abort.signal });
    const reading = Promise.all([source.stat('w.bin'), source.read('w.bin', options)]);
    setTimeout(() => abort.abort(new Error('enough')), 50);
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('a place', () => {
  it.each([
    [{ type: 'url', url: 'javascript:alert(1)' }, /http/],
    [{ type: 'url', url: 'file:///etc/passwd' }, /http/],
    [{ type: 'url', url: 'https://user:word@example.org/' }, /name and password/],
    [{ type: 'url', url: 'somewhere' }, /no address/],
    [{ type: 'hub', name: '../../secret', hub: 'https://example.org' }, /OWNER\/NAME/],
    [{ type: 'hub', name: 'a/b', hub: 'ftp://example.org' }, /http/],
  ] as const)('%j is refused', (place, message) => {
    expect(() => checkPlace(place)).toThrow(message);
  });

  it('leads to the hub’s files', () => {
    const hub = 'https://huggingface.co';
    expect(addressOf({ type: 'hub', name: 'owner/name', hub })).toBe('https://huggingface.co/owner/name/resolve/main/');
    expect(addressOf({ type: 'hub', name: 'owner/name@fp16', hub })).toMatch(/\/resolve\/fp16\/$/);
  });

  it('has a folder of its own in the store', () => {
    const names = ['https://a.org/x/', 'https://a.org/x', 'http://a.org/x/', 'https://a.org/../x/'].map(storeFolder);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[\w-]+$/);
  });
});
