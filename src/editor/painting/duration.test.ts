import { expect, it } from 'vitest';
import { pictureRecord } from '#editor/history/picture-record.fixture.ts';
import { durationText, millisecondsFor } from './duration.ts';

const settings = { seed: 1, steps: 4, guidanceScale: 2, sampler: 'euler', style: 'any' } as const;

it('goes by the newest picture of the same model that was painted whole, step by step', () => {
  const keep = { latent: new Float32Array(), strength: 1, before: [], objects: [], relations: [] };
  const records = [
    pictureRecord({ model: 'other', settings }, { milliseconds: 9 }),
    pictureRecord({ settings, keep }, { milliseconds: 1 }),
    pictureRecord({ settings }, { milliseconds: 400 }),
    pictureRecord({ settings }, { milliseconds: 4000 }),
  ];
  const [two, ten] = [2, 10].map((steps) => ({ ...settings, steps })) as [typeof settings, typeof settings];
  expect(millisecondsFor([two, ten], records, 'picturebook')).toBe(1200);
  expect(millisecondsFor([two], records, 'unknown')).toBeUndefined();
  const student = { ...two, sampler: 'student' } as const;
  expect(millisecondsFor([student], records, 'picturebook')).toBeUndefined();
  const quick = pictureRecord({ settings: student }, { milliseconds: 90 });
  expect(millisecondsFor([student, student], [quick, ...records], 'picturebook')).toBe(180);
  expect(millisecondsFor([two], [quick, ...records], 'picturebook')).toBe(200);
});

it('is said no more exactly than it is known', () => {
  expect([900, 4200, 42_000, 89_000, 100_000, 600_000].map(durationText)).toEqual([
    'about a second',
    'about 4 s',
    'about 40 s',
    'about 90 s',
    'about 2 min',
    'about 10 min',
  ]);
});
