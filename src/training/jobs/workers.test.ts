/** Work over several processes: a real Redis, real workers, and what happens when one of them is killed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Picture } from '#diffusion/picture.ts';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { openEvaluationModel } from '#training/evaluation/painting/evaluation-model.ts';
import type { PaintJob } from '#training/evaluation/painting/paint-many.ts';
import { PictureStore, paintOrLoad } from '#training/evaluation/painting/picture-store.ts';
import { clipImageTower } from '#training/networks/clip.ts';
import { writeUntrainedPackage } from '#training/package/untrained-package.fixture.ts';
import { sharedPath } from '#training/run/cache-folder.ts';
import type { StageContext } from '#training/run/context.ts';
import { seenSize } from '#training/run/model-config.ts';
import { openContext } from '#training/run/open-context.ts';
import { smallConfig } from '#training/run/small-context.fixture.ts';
import { computeLatents, LatentSet } from '#training/stages/latents.ts';
import { initializeParameters } from '#training/trainer/training-step.ts';
import { openWorkerPool } from './pool.ts';

const hasRedis = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
const GENERATE = 'src/training/commands/generate.ts';
const LONG = { timeout: 120_000 };
const model = writeUntrainedPackage();

const jobs = Array.from(
  { length: 30 },
  (_, seed): PaintJob => ({
    graph: {
      ...EMPTY_SCENE_GRAPH,
      objects: [{ id: 'o', label: 'dog', attributes: [], position: { x: 0, y: 0 } }],
    },
    settings: { seed, steps: 12, guidanceScale: 2, sampler: 'euler', style: 'any' },
  }),
);

const redis = { port: 0, server: undefined as ChildProcess | undefined };
const address = () => `redis://127.0.0.1:${redis.port}`;
const children = new Set<ChildProcess>();
let cache = '';
const environment = { ...process.env };

/** A program and what it says, line by line. */
class Program {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args, { env: { ...process.env, SGRAFFITO_CACHE: cache } });
    children.add(this.child);
    const hear = (data: Buffer) => {
      this.lines.push(...data.toString().split('\n').filter(Boolean));
      for (const look of this.#waiting) look();
    };
    this.child.stdout?.on('data', hear);
    this.child.stderr?.on('data', hear);
  }

  said(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.lines.some((line) => pattern.test(line))) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  gone(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => this.child.once('exit', () => resolve()));
  }

  /** Pictures that it reported done. */
  get pictures(): number {
    return this.lines.reduce((sum, line) => sum + Number(/(\d+) pictures,/.exec(line)?.[1] ?? 0), 0);
  }
}

async function startRedis(): Promise<void> {
  const args = [
    '--port',
    String(redis.port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    cache,
  ];
  const server = new Program('redis-server', args);
  redis.server = server.child;
  await server.said(/ready to accept connections/i);
}

/** @param lostAfter seconds; 2 where a worker is to be missed soon */
const startWorker = async (lostAfter = 2): Promise<Program> => {
  const worker = new Program(process.execPath, [
    '--import',
    'tsx',
    'src/training/commands/train.ts',
    'work',
    address(),
    '--lost-after',
    String(lostAfter),
  ]);
  await worker.said(/^Waiting for jobs/);
  return worker;
};

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** The pictures of all jobs, painted by workers into the shared folder. */
async function paintSpread(): Promise<{ pictures: Picture[]; said: string[] }> {
  const { hash, paintMany } = await openEvaluationModel(model);
  const said: string[] = [];
  const pool = await openWorkerPool(address(), (line) => said.push(line));
  const folder = join(cache, 'evaluate', hash);
  const order = { model: sharedPath(model), weights: hash, folder: sharedPath(folder) };
  try {
    const store = new PictureStore(folder);
    return { pictures: await paintOrLoad(paintMany, jobs, store, undefined, { pool, order }), said };
  } finally {
    await pool.close();
  }
}

let alone: Promise<Picture[]> | undefined;

/** The same pictures by one process, painted once for all tests. */
function paintAlone(): Promise<Picture[]> {
  alone ??= (async () => {
    const { paintMany } = await openEvaluationModel(model);
    return paintOrLoad(paintMany, jobs, new PictureStore(mkdtempSync(join(tmpdir(), 'sgraffito-'))));
  })();
  return alone;
}

describe.skipIf(!hasRedis && !process.env.CI)('workers', () => {
  beforeEach(async () => {
    cache = mkdtempSync(join(tmpdir(), 'sgraffito-'));
    mkdirSync(join(cache, 'evaluate'));
    process.env.SGRAFFITO_CACHE = cache;
    redis.port = await freePort();
    await startRedis();
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    children.clear();
    process.env.SGRAFFITO_CACHE = environment.SGRAFFITO_CACHE;
    if (environment.SGRAFFITO_CACHE === undefined) delete process.env.SGRAFFITO_CACHE;
  });

  test('two of them paint what one process paints, each picture once', LONG, async () => {
    const [first, second] = await Promise.all([startWorker(), startWorker()]);
    const { pictures } = await paintSpread();
    expect(pictures).toEqual(await paintAlone());
    expect(first.pictures + second.pictures).toBe(jobs.length);
    expect(Math.min(first.pictures, second.pictures)).toBeGreaterThan(0);

    // Told to stop, a worker goes by itself.
    first.child.kill('SIGTERM');
    await first.gone();
    expect(first.child.exitCode).toBe(0);
  });

  test('one that is killed in the middle of a job loses nothing: another takes it over', LONG, async () => {
    const victim = await startWorker();
    const painting = paintSpread();
    await victim.said(/: begun/);
    victim.child.kill('SIGKILL');
    await victim.gone();
    const heir = await startWorker();
    expect((await painting).pictures).toEqual(await paintAlone());
    expect(victim.pictures + heir.pictures).toBe(jobs.length);
    const [folder] = readdirSync(join(cache, 'evaluate'));
    expect(readdirSync(join(cache, 'evaluate', folder!)).filter((name) => name.endsWith('.png'))).toHaveLength(
      jobs.length,
    );
  });

  test('a Redis that is killed and comes back empty is given the jobs again', LONG, async () => {
    const worker = await startWorker();
    const painting = paintSpread();
    await worker.said(/: begun/);
    redis.server?.kill('SIGKILL');
    await worker.said(/is lost/);
    await startRedis();
    const { pictures, said } = await painting;
    expect(pictures).toEqual(await paintAlone());
    expect(said).toEqual([expect.stringMatching(/is lost; trying/), expect.stringMatching(/is back/)]);
  });

  test(
    'a worker with other weights, and an order that leads out of the shared folder, are found out',
    LONG,
    async () => {
      await startWorker();
      const pool = await openWorkerPool(address(), () => undefined);
      const order = {
        model: sharedPath(model),
        weights: (await openEvaluationModel(model)).hash,
        folder: sharedPath(join(cache, 'evaluate')),
        jobs: [],
      };
      const run = (change: Partial<typeof order>) =>
        pool.run({ name: 'paint', jobs: [{ ...order, ...change }], work: async () => undefined, isDone: () => true });
      await expect(run({ weights: '0123456789abcdef' })).rejects.toThrow(/other weights here .* copy the package/);
      await expect(run({ folder: { below: 'cache', path: '../..' } })).rejects.toThrow(/leads out of its folder/);
      await run({});
      await pool.close();
    },
  );

  test('they paint the pictures of generate, with the marks of its page', LONG, async () => {
    const worker = await startWorker(60);
    const list = join(cache, 'graphs.json');
    const graphs = ['dog', 'cat'].map((label) => ({ objects: [label, 'grass'], relationships: [[0, 'on', 1]] }));
    writeFileSync(list, JSON.stringify(graphs));
    const run = async (name: string, ...more: string[]) => {
      const out = join(cache, name, 'a.png');
      const options = ['--graph', list, '--out', out, '--model', model, '--steps', '1', '--count', '2', ...more];
      const program = new Program(process.execPath, ['--import', 'tsx', GENERATE, ...options]);
      await program.gone();
      expect([program.child.exitCode, program.lines.at(-1)]).toEqual([0, join(cache, name, 'index.html')]);
      return ['a-0-0', 'a-0-1', 'a-1-0', 'a-1-1'].map((each) => readFileSync(join(cache, name, `${each}.png`)));
    };
    const alone = await run('alone');
    expect(await run('spread', '--workers', address())).toEqual(alone);
    expect(worker.pictures).toBe(4);
    const [journal, spread] = ['alone', 'spread'].map((name) => readFileSync(join(cache, name, 'a.jsonl'), 'utf8'));
    expect(spread).toBe(journal);
    const refused = new Program(process.execPath, [
      ...['--import', 'tsx', GENERATE, '--graph', list, '--out', join(cache, 'no.png')],
      ...['--model', model, '--report', join(cache, 'r.json'), '--workers', address()],
    ]);
    await refused.gone();
    expect([refused.child.exitCode, refused.lines]).toEqual([2, ['--workers does not go with --report']]);
  });

  test('two of them prepare the latents of one stage', LONG, async () => {
    const config = { ...smallConfig, latents: { ...smallConfig.latents, scenes: 2048 } };
    // On a busy machine a shard of 1,024 scenes keeps a worker silent for more than two seconds.
    const workers = await Promise.all([startWorker(60), startWorker(60)]);
    const pool = await openWorkerPool(address(), () => undefined);
    const context = { ...openContext(config, 'cpu', pool), say: () => undefined };
    await publishUntrained(context);
    await computeLatents(context);
    await pool.close();
    expect(new LatentSet(context).size).toBe(2048);
    expect(
      workers.map(({ lines }) => lines.filter((line) => /: shard \d of the latents of small/.test(line)).length),
    ).toEqual([1, 1]);
  });
});

/** Weights of chance for what latents are computed with. */
async function publishUntrained({ store, config }: StageContext): Promise<void> {
  const g = new GraphBuilder();
  clipImageTower(g, config.clip, g.input('image', [1, 3, seenSize(config), seenSize(config)]));
  await store.publish('clip', initializeParameters(g, 1));
}

test.each([
  ['nonsense', /"nonsense" is no address of a Redis/],
  ['redis://127.0.0.1:1', /redis:\/\/127\.0\.0\.1:1.* cannot be reached/],
])('%s: one line that says what to do', async (workers, message) => {
  await expect(openWorkerPool(workers, () => undefined)).rejects.toThrow(message);
});
