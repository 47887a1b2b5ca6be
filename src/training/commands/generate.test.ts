/** The command line as a user runs it, with a small model that nobody trained. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readPngRecipe } from '#engine/contract/png-recipe.ts';
import { exportSg2im } from '#graph/files/sg2im.ts';
import { serveModels } from '#training/package/model-host.fixture.ts';
import { writeTinyStableDiffusion } from '#training/package/stable-diffusion.fixture.ts';
import { writeUntrainedPackage } from '#training/package/untrained-package.fixture.ts';
import { generateCommand } from './generate-command.ts';
import { inProcess, type Outcome } from './in-process.fixture.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let model: string;
let folder: string;
beforeAll(() => {
  model = writeUntrainedPackage();
  folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
});

const generate = (...options: readonly string[]): Promise<Outcome> => inProcess(generateCommand, options);

/** In a process of its own, as a user runs it. */
function generateAlone(...options: readonly string[]) {
  const args = ['--import', 'tsx', 'src/training/commands/generate.ts', ...options];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { code: status, stderr };
}

function fileWith(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const sheepAndTree = { objects: ['sheep', 'tree'], relationships: [[0, 'left of', 1]] };

describe('npm run generate --over', () => {
  it('paints over what another model drew, whichever way round they are named, and tells both', async () => {
    const stable = writeTinyStableDiffusion();
    const graph = fileWith('over.json', sheepAndTree);
    const [out, reportFile] = [join(folder, 'over.png'), join(folder, 'over-report.json')];
    const same = ['--graph', graph, '--out', out, '--strength', '0.5', '--steps', '4', '--seed', '3'];
    const pictures: Buffer[] = [];
    for (const models of [
      ['--model', model, '--over', stable, '--report', reportFile],
      ['--model', stable, '--over', model],
    ]) {
      const outcome = await generate(...same, ...models);
      expect(outcome).toMatchObject({ code: 0, stderr: expect.stringMatching(/no graph adapter/) });
      pictures.push(readFileSync(out));
    }
    expect(pictures[1]).toEqual(pictures[0]);
    const recipe = readPngRecipe(pictures[0]!);
    expect(recipe).toMatchObject({ model: 'untrained', settings: { seed: 3 } });
    const { name } = parse(stable);
    expect(recipe.over).toMatchObject({ strength: 0.5, settings: { seed: 3, steps: 4, sampler: 'pndm' } });
    expect(recipe.over?.model).toContain(name.split('-').at(-1)?.toLowerCase());
    const report = JSON.parse(readFileSync(reportFile, 'utf8'));
    expect(report).toMatchObject({ model: { name: 'untrained' }, over: { kind: 'stable-diffusion' } });
    expect(report.over.packageHashes).toHaveProperty(['vae_encoder/model.onnx']);
    expect(report.pictures[0]).toMatchObject({ seed: 3, over: { seed: 3, strength: 0.5, prompts: expect.any(Array) } });
    expect(report.pictures[0].over.timesteps.length).toBeLessThan(report.pictures[0].over.sigmas.length - 1);
  });

  it('answers what cannot be with one line and exit code 2', async () => {
    const graph = ['--graph', fileWith('over.json', sheepAndTree), '--out', join(folder, 'never.png')];
    const bare = writeTinyStableDiffusion({ change: { 'vae_encoder/model.onnx': undefined } });
    const cases: readonly (readonly [RegExp, readonly string[]])[] = [
      [/--strength.*It must be a number above 0 and at most 1\./, [...graph, '--over', bare, '--strength', '0']],
      [/“.*sgraffito-sd-.*” has no vae_encoder\/model\.onnx/, [...graph, '--over', bare]],
    ];
    for (const [message, options] of cases) {
      const { code, stderr } = await generate('--model', model, ...options);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
      expect(stderr.trim().split('\n').length).toBe(1);
    }
    expect(existsSync(join(folder, 'never.png'))).toBe(false);
  });
});

describe('npm run generate', () => {
  it('paints a list of graphs with two seeds each, and says what it dropped', async () => {
    const loop = {
      objects: ['sky', 'sheep'],
      relationships: [
        [0, 'next to', 0],
        [1, 'below', 0],
      ],
    };
    const graph = fileWith('two.json', [sheepAndTree, loop]);
    const out = join(folder, 'deep', 'picture.png');
    const { code, stderr } = await generate(
      '--graph',
      graph,
      '--out',
      out,
      '--model',
      model,
      '--count',
      '2',
      '--seed',
      '5',
    );
    expect(stderr.trim()).toMatch(/^\S+two\.json: \[1\]\.relationships\[0\]: dropped "sky next to sky"[^\n]*$/);
    expect(code).toBe(0);
    const files = readdirSync(join(folder, 'deep')).sort();
    const names = files.filter((name) => name.endsWith('.png'));
    expect(files.filter((name) => !names.includes(name))).toEqual(['index.html', 'picture.jsonl']);
    expect(names).toEqual(['picture-0-5.png', 'picture-0-6.png', 'picture-1-5.png', 'picture-1-6.png']);
    const pictures = names.map((name) => decode(readFileSync(join(folder, 'deep', name))));
    for (const { width, height } of pictures) expect([width, height]).toEqual([64, 64]);
    expect(pictures[0]!.data).not.toEqual(pictures[1]!.data);
  });

  it('goes on with a run that was killed, and shows all of it on a page', async () => {
    const graphs = [sheepAndTree, sheepAndTree, sheepAndTree];
    const inside = join(folder, 'batch');
    const run = (name: string, content: unknown, ...more: string[]) =>
      generate(
        '--graph',
        fileWith(name, content),
        '--out',
        join(inside, 'a.png'),
        '--model',
        model,
        '--steps',
        '1',
        ...more,
      );
    expect((await run('first.json', graphs.slice(0, 2))).code).toBe(0);
    const [journal, page] = ['a.jsonl', 'index.html'].map((name) => join(inside, name));
    // As a kill leaves it, in the middle of a line.
    const lines = readFileSync(journal!, 'utf8');
    writeFileSync(journal!, lines.slice(0, -20));
    const before = statSync(join(inside, 'a-0.png')).mtimeMs;
    const other = statSync(join(inside, 'a-1.png')).mtimeMs;
    expect(await run('second.json', graphs, '--resume')).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(join(inside, 'a-0.png')).mtimeMs).toBe(before);
    expect(statSync(join(inside, 'a-1.png')).mtimeMs).toBeGreaterThan(other);
    const shown = readFileSync(page!, 'utf8');
    expect(shown.match(/<img [^>]*src="a-\d\.png"/g)).toHaveLength(3);
    expect(shown).toMatch(/<li>[✓✗?] sheep left of tree<\/li>/);
  });

  it('paints one graph into the file it was told, the same bytes each time', async () => {
    const graph = fileWith('one.json', sheepAndTree);
    const bytes: Buffer[] = [];
    for (const [name, run] of [
      ['a.png', generate],
      ['b.png', generateAlone],
    ] as const) {
      const out = join(folder, name);
      const options = ['--steps', '2', '--guidance', '1.5', '--relations', '2', '--sampler', 'heun', '--style', 'any'];
      const outcome = await run('--graph', graph, '--out', out, '--model', model, ...options);
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      bytes.push(readFileSync(out));
    }
    expect(bytes[0]).toEqual(bytes[1]);
    const { graph: painted, settings } = readPngRecipe(bytes[0]!);
    expect(exportSg2im(painted)).toEqual(sheepAndTree);
    const asked = { seed: 0, steps: 2, guidanceScale: 1.5, relationFactor: 2, sampler: 'heun', style: 'any' };
    expect(settings).toEqual(asked);
  });

  it('answers bad input with one line and exit code 2, and writes nothing', async () => {
    const good = fileWith('good.json', sheepAndTree);
    const damaged = writeUntrainedPackage();
    writeFileSync(join(damaged, 'decoder.onnx'), readFileSync(join(damaged, 'decoder.onnx')).fill(1, 100, 101));
    const cases: readonly (readonly [RegExp, readonly string[]])[] = [
      [/cannot be read/, ['--graph', join(folder, 'none.json')]],
      [/not JSON/, ['--graph', fileWith('text.json', 'hello')]],
      [/no scene graph/, ['--graph', fileWith('other.json', { hello: 1 })]],
      [
        /“adjudicating”/,
        ['--graph', fileWith('verb.json', { objects: ['dog', 'cat'], relationships: [[0, 'adjudicating', 1]] })],
      ],
      [/--sampler.*Allowed choices/, ['--graph', good, '--sampler', 'nonsense']],
      [/unknown option '--speed'/, ['--graph', good, '--speed', '9']],
      [
        /relationships\[0\]\[2\]: there is no object 9/,
        ['--graph', fileWith('bad.json', { objects: ['sky'], relationships: [[0, 'on', 9]] })],
      ],
      [/“blorptious”/, ['--graph', fileWith('label.json', { objects: ['blorptious'], relationships: [] })]],
      [/no object/, ['--graph', fileWith('empty.json', { objects: [], relationships: [] })]],
      [/at most 30/, ['--graph', fileWith('many.json', { objects: new Array(31).fill('sheep'), relationships: [] })]],
      [/no such file/, ['--graph', good, '--model', 'no-such-model']],
      [/decoder\.onnx is damaged/, ['--graph', good, '--model', damaged]],
      [/style “cubist”/, ['--graph', good, '--style', 'cubist']],
      [/--steps.*from 1 to 200/, ['--graph', good, '--steps', '0']],
      [/--out: .* is a folder/, ['--graph', good, '--out', folder]],
      [/--report: .* is a folder/, ['--graph', good, '--report', folder]],
      [/is no PNG file/, ['--graph', good, '--out', join(folder, 'picture.jpg')]],
      [/beyond the last seed, 4294967295/, ['--graph', good, '--seed', '4294967295', '--count', '2']],
      [/--graph/, []],
    ];
    const out = join(folder, 'never.png');
    for (const [message, options] of cases) {
      const { code, stderr } = await generate('--model', model, '--out', out, ...options);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
      expect(stderr.trim().split('\n').length).toBe(1);
    }
    const alone = generateAlone('--model', model, '--out', out, '--graph', join(folder, 'none.json'));
    expect(alone).toEqual({ code: 2, stderr: expect.stringMatching(/cannot be read/) });
    expect(existsSync(out)).toBe(false);
  });

  it('says that the disk is full, and leaves no picture and no part of one', () => {
    const where = join(folder, 'full');
    const args = [
      '--import',
      'tsx',
      'src/training/commands/generate.ts',
      '--model',
      model,
      '--out',
      join(where, 'a.png'),
    ];
    const options = [...args, '--graph', fileWith('full.json', sheepAndTree), '--steps', '1'];
    // The system lets this process write files of 4 kB, and fails in the middle of a larger one, as a full disk does.
    const limited = ['-c', 'ulimit -f 4; exec "$@"', 'bash', process.execPath, ...options];
    const { status, stderr } = spawnSync('bash', limited, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^\S+a\.png cannot be written: the disk is full\. .*\n$/),
    ]);
    expect(readdirSync(where)).toEqual([]);
  });

  it('paints with Stable Diffusion from a folder and from a hub, and says what is missing', async () => {
    const stable = writeTinyStableDiffusion({ external: 'model.onnx_data', precision: 'float16' });
    const host = await serveModels({ 'someone/tiny-sd': stable });
    const graph = fileWith('sd.json', sheepAndTree);
    vi.stubEnv('SGRAFFITO_CACHE', mkdtempSync(join(tmpdir(), 'sgraffito-cache-')));
    const pictures = [];
    for (const model of [stable, 'someone/tiny-sd', `${host.url}someone/tiny-sd/resolve/main/`]) {
      const out = join(folder, 'sd.png');
      const options = ['--model', model, '--hub', host.url, '--graph', graph, '--out', out, '--steps', '2'];
      const { code, stderr } = await generate(...options);
      expect([code, stderr]).toEqual([0, expect.stringMatching(/no graph adapter/)]);
      // The recipe inside names the model as it was named here.
      pictures.push(decode(readFileSync(out)).data);
    }
    vi.unstubAllEnvs();
    await host.close();
    expect(pictures[1]).toEqual(pictures[0]);
    expect(pictures[2]).toEqual(pictures[0]);
    const words = await generate(
      '--model',
      stable,
      '--graph',
      graph,
      '--out',
      join(folder, 'never.png'),
      '--relations',
      '2',
    );
    expect(words).toMatchObject({ code: 2, stderr: expect.stringMatching(/^--relations: .*as words.*\n$/) });
    const refused = await generate(
      '--model',
      'ftp://example.org/x/',
      '--graph',
      graph,
      '--out',
      join(folder, 'never.png'),
    );
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/http:\/\/ or https:\/\//) });
  });
});
