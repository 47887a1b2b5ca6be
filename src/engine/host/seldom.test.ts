import { expect, it, vi } from 'vitest';
import { seldom } from './seldom.ts';

it('tells the first news, one each 100 ms, and the last', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const told: number[] = [];
    const tell = seldom(({ loaded }) => told.push(loaded));
    for (let loaded = 1; loaded <= 250; loaded++) {
      tell({ file: 'denoiser.onnx', loaded, total: 250 });
      vi.advanceTimersByTime(1);
    }
    expect(told).toEqual([1, 101, 201, 250]);
  } finally {
    vi.useRealTimers();
  }
});
