import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download } from './download.ts';
import { memoryStore } from './file-store.ts';
import { urlSource } from './package-url.ts';

describe('a package at an address', () => {
  let server: Server;
  let base: string;
  let busyAnswers = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      switch (request.url) {
        case '/sub/path/models/small/decoder.onnx':
          response.end(Buffer.alloc(300_000, 7));
          return;
        case '/sub/path/models/small/broken.onnx':
          response.writeHead(200, { 'content-length': '1000' });
          response.write(Buffer.alloc(10));
          setTimeout(() => response.destroy(), 50);
          return;
        case '/sub/path/models/small/page.onnx':
          response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
          response.end('<!doctype html>');
          return;
        case '/sub/path/models/small/busy.onnx':
          busyAnswers++;
          response.writeHead(429).end();
          return;
        case '/sub/path/models/small/down.onnx':
          response.writeHead(503).end();
          return;
        default:
          response.writeHead(404);
          response.end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sub/path/models/small`;
  });

  afterAll(() => server.close());

  it('is read with its progress, with or without a slash at the end', async () => {
    const seen: number[] = [];
    for (const address of [base, `${base}/`]) {
      const options = { maxBytes: 300_000, onProgress: (loaded: number) => seen.push(loaded) };
      const bytes = await urlSource(address).read('decoder.onnx', options);
      expect([bytes.length, bytes[299_999]]).toEqual([300_000, 7]);
    }
    expect(seen.at(-1)).toBe(300_000);
  });

  it.each([
    ['nothing.onnx', 'model-not-found', /models\/small\/nothing\.onnx: the server answered 404/],
    ['page.onnx', 'model-not-found', /the server answered with a page/],
    ['broken.onnx', 'model-damaged', /broken\.onnx broke off after/],
    ['busy.onnx', 'server-failed', /busy\.onnx cannot be had now: the server answered 429: too many requests\. Try/],
    ['down.onnx', 'server-failed', /down\.onnx cannot be had now: the server answered 503\. Try again later\./],
  ])('%s gives %s', async (name, code, message) => {
    const reading = urlSource(base).read(name, { maxBytes: 300_000 });
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('asks a busy server for a large file a few times before it says so', async () => {
    const options = { store: memoryStore(), key: 'a/busy', name: 'busy.onnx', maxBytes: 1000, pauses: [1, 1] };
    await expect(download(`${base}/busy.onnx`, options)).rejects.toMatchObject({ code: 'server-failed' });
    expect(busyAnswers).toBeGreaterThanOrEqual(3);
  });

  it('stops reading what is longer than it may be', async () => {
    const reading = urlSource(base).read('decoder.onnx', { maxBytes: 1000 });
    await expect(reading).rejects.toMatchObject({
      code: 'model-damaged',
      message: expect.stringMatching(/more than the expected 1000/),
    });
  });

  it('says so when nobody answers', async () => {
    const reading = urlSource('http://127.0.0.1:1/models').read('manifest.json', { maxBytes: 10 });
    await expect(reading).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringMatching(/cannot be fetched/),
    });
  });
});
