import { readdir, readFile, writeFile } from 'node:fs/promises';
import { type Outcome, runCommand } from './app/command-line.ts';
import { meadow } from './app/graph-files.ts';
import { contrast, decodePng, psnr } from './app/pixels.ts';
import { expect, MODEL, test } from './app/sgraffito.ts';

test('Node and the browser paint the same picture', async ({ app, file }) => {
  await app.open();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await expect(app.objects).toHaveCount(3);
  await app.set('Seed', 21);
  await app.set('Steps', 8);
  await app.set('Guidance', 2.5);
  await app.set('Relations ×', 3);
  await app.generate();
  await writeFile(file('saved.json'), JSON.stringify(await app.saveGraph()));

  const args = ['--graph', file('saved.json'), '--out', file('node.png'), '--model', MODEL];
  const settings = ['--seed', '21', '--steps', '8', '--guidance', '2.5', '--relations', '3'];
  const outcome = await runCommand('generate', [...args, ...settings]);
  expect(outcome, outcome.stderr).toMatchObject({ code: 0, stderr: '' });

  const node = decodePng(await readFile(file('node.png')));
  expect(contrast(node)).toBeGreaterThan(8);
  expect(psnr(node, await app.picturePixels())).toBeGreaterThanOrEqual(40);
});

test('bench measures training and painting', async ({ file }) => {
  const parts = ['training', 'transformer', 'node'];
  const outcome = await runCommand('bench', ['--quick', '--json', file('bench.json'), '--only', ...parts]);
  expect(outcome, outcome.stderr).toMatchObject({ code: 0, stderr: '' });
  const { figures } = JSON.parse(await readFile(file('bench.json'), 'utf8')) as {
    figures: { name: string; value: number }[];
  };
  const names = figures.map(({ name }) => name);
  for (const name of ['denoiser step', 'transformer step', 'Node: whole picture', 'graph encoder: exponent']) {
    expect(names).toContainEqual(expect.stringContaining(name));
  }
  for (const { name, value } of figures) expect(value, name).toBeGreaterThan(0);
  const figureOf = (part: string) => figures.find(({ name }) => name.includes(part))?.value;
  expect(figureOf('overhead')).toBeGreaterThan(1);
  expect(outcome.stdout.trim().split('\n')).toHaveLength(figures.length);
});

test('what cannot be is told in one line, with exit code 2', async ({ file }) => {
  const painting = ['--out', file('out.png'), '--model', MODEL];
  expectOneLine(await runCommand('generate', [...painting, '--graph', file('nowhere.json')]), /nowhere\.json/);
  await writeFile(file('graphs.json'), '[{"objects": ["dog"], "relationships": [[0, "above", 7]]}]');
  const evaluate = ['--model', MODEL, '--json', file('scores.json')];
  expectOneLine(await runCommand('evaluate', [...evaluate, '--graphs', file('graphs.json')]), /relationships/);
  expectOneLine(await runCommand('evaluate', [...evaluate, '--graphs', file('none.json')]), /none\.json/);
  expectOneLine(await runCommand('train', ['everything']), /everything|stage/);
  const nobody = 'redis://127.0.0.1:1';
  expectOneLine(await runCommand('evaluate', [...evaluate, '--workers', nobody]), /cannot be reached .* Start Redis/);
  expectOneLine(await runCommand('train', ['work', nobody]), /cannot be reached .* Start Redis/);
});

test('paints every graph of a file, with as many seeds as asked for', async ({ file }) => {
  const graphs = [
    { objects: ['sky', 'dog'], relationships: [[0, 'above', 1]] },
    {
      objects: ['cat', 'grass'],
      relationships: [
        [0, 'standing on', 1],
        [0, 'next to', 0],
      ],
    },
  ];
  await writeFile(file('graphs.json'), JSON.stringify(graphs));
  const files = ['--graph', file('graphs.json'), '--out', file('out.png')];
  const outcome = await runCommand('generate', [
    ...files,
    '--model',
    MODEL,
    '--steps',
    '1',
    '--seed',
    '3',
    '--count',
    '2',
  ]);
  expect(outcome.code, outcome.stderr).toBe(0);
  // The self-loop is left out, and that is said.
  expect(outcome.stderr.split('\n')).toHaveLength(1);
  const painted = ['out-0-3.png', 'out-0-4.png', 'out-1-3.png', 'out-1-4.png'];
  // Beside them the page that shows them, and what --resume goes by.
  const beside = ['graphs.json', 'index.html', 'out.jsonl'];
  expect((await readdir(file('.'))).sort()).toEqual([...painted, ...beside].sort());
});

function expectOneLine({ code, stderr }: Outcome, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr.split('\n'), stderr).toHaveLength(1);
  expect(code).toBe(2);
}
