import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { StageLog } from './stage-log.ts';

test('writes means since the last line as JSON lines, and goes on in the same file after a restart', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
  const log = new StageLog('toy', folder);
  for (let step = 1; step <= 7; step++) {
    log.step({ step, seconds: step, progress: step / 100, pictures: 8, numbers: { loss: step, rate: 0.5 } });
  }
  log.close();
  const resumed = new StageLog('toy', folder);
  for (let step = 8; step <= 13; step++) {
    resumed.step({ step, seconds: step, progress: step / 100, pictures: 8, numbers: { loss: 1 } });
  }
  resumed.close();
  const lines = readFileSync(join(folder, 'toy.log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toEqual([
    // The first step's own duration is not known, so its 8 pictures count as made within the 5 s.
    { time: expect.any(String), step: 6, seconds: 6, picturesPerSecond: 48 / 5, loss: 3.5, rate: 0.5 },
    // What is left when a run ends.
    { time: expect.any(String), step: 7, seconds: 7, picturesPerSecond: 8, loss: 7, rate: 0.5 },
    { time: expect.any(String), step: 13, seconds: 13, picturesPerSecond: 48 / 5, loss: 1 },
  ]);
  expect(Number.isNaN(Date.parse(lines[0]!.time as string))).toBe(false);
  expect(said.mock.calls.map(([line]) => line)).toContain(
    'toy: step 6  loss 3.5000  rate 0.500  9.6 pictures/s  1.6 min left\n',
  );
  said.mockRestore();
});
