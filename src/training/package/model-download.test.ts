/** Downloads against a real server that drops connections, changes files and lies. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, checkPlace } from '#engine/contract/model-place.ts';
import { farSource } from '#engine/host/browser-source.ts';
import { download } from '#engine/package/download.ts';
import { type FileStore, memoryStore, storeFolder } from '#engine/package/file-store.ts';
import { diskStore } from '#engine/package/file-store-disk.ts';
import { type ModelHost, serveModels } from './model-host.fixture.ts';

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
