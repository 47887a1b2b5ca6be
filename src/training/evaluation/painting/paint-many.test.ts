import { describe, expect, it } from 'vitest';
import type { Networks } from '#diffusion/networks.ts';
import { type PaintModel, paint } from '#diffusion/pipeline.ts';
import { generalSamplerNames } from '#diffusion/sampling/sampler-names.ts';
import { createSmallNetworks, letterEmbedding } from '#diffusion/small-networks.fixture.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { type PaintJob, paintMany } from './paint-many.ts';

const model: PaintModel = {
  vocabulary: { objects: ['cat', 'dog', 'sky'], predicates: ['on', 'left of', 'above'], attributes: [] },
  styles: ['ink', 'oil'],
  embedding: letterEmbedding(5),
  parametrisation: 'edm',
  sigma: { min: 0.02, max: 20, data: 0.5 },
  latent: { channels: 2, height: 3, width: 4 },
};
const small = createSmallNetworks({ words: 5, predicates: 3, styles: 2, channels: 2 });

const graph = (labels: string[], ...triples: [number, string, number][]) => graphOf(labels, triples);
const graphs = [
  graph(['cat']),
  graph(['cat', 'dog', 'sky'], [2, 'above', 0], [0, 'left of', 1]),
  graph(['dog', 'sky'], [1, 'above', 0]),
  graph(['sky', 'sky', 'cat', 'dog'], [2, 'on', 3]),
  graph(['dog', 'cat'], [0, 'left of', 1], [0, 'on', 1]),
];
const jobsWith = (settings: Partial<PaintJob['settings']>): PaintJob[] =>
  graphs.map((g, i) => ({
    graph: g,
    settings: { seed: 40 + i, steps: 4, guidanceScale: 3, sampler: 'euler', style: i % 2 ? 'ink' : 'any', ...settings },
  }));

function counting(networks: Networks): { networks: Networks; batches: { denoise: number[]; decode: number[] } } {
  const batches = { denoise: [] as number[], decode: [] as number[] };
  return {
    batches,
    networks: {
      encodeGraph: (tokens) => networks.encodeGraph(tokens),
      denoise: (input) => {
        batches.denoise.push(input.sample.dims[0]!);
        return networks.denoise(input);
      },
      decode: (latent) => {
        batches.decode.push(latent.dims[0]!);
        return networks.decode(latent);
      },
    },
  };
}

describe('paintMany', () => {
  it.each(generalSamplerNames)(
    'paints with %s what paint paints, graphs of all sizes in one batch',
    async (sampler) => {
      const jobs = jobsWith({ sampler });
      const together = await paintMany(small, model, jobs);
      for (const [i, job] of jobs.entries()) {
        const { picture } = await paint(small, model, job.graph, job.settings);
        expect(together[i]).toEqual(picture);
      }
      expect(new Set(together.map(({ pixels }) => pixels.join())).size).toBe(jobs.length);
    },
  );

  it('has a student asked for several pictures at once beside others by the denoiser', async () => {
    const taught = { ...small, student: small.denoise };
    const withStudent = { ...model, student: { sigmas: [20, 1] } };
    const jobs = jobsWith({ sampler: 'student' }).flatMap((job, i) => [job, jobsWith({})[i]!]);
    const together = await paintMany(taught, withStudent, jobs);
    for (const [i, job] of jobs.entries()) {
      expect(together[i]).toEqual((await paint(taught, withStudent, job.graph, job.settings)).picture);
    }
    expect(together[0]).not.toEqual(together[1]);
  });

  it('asks once per step for the whole batch, both branches of guidance in the same call', async () => {
    const { networks, batches } = counting(small);
    await paintMany(networks, model, jobsWith({ steps: 3 }), undefined, 4);
    expect(batches.denoise).toEqual([8, 8, 8, 2, 2, 2]);
    expect(batches.decode).toEqual([4, 1]);
  });

  it('goes on when the others need more steps or none of the network', async () => {
    const jobs = jobsWith({}).map((job, i) => ({ ...job, settings: { ...job.settings, steps: 1 + i } }));
    const together = await paintMany(small, model, jobs);
    const last = await paint(small, model, jobs[4]!.graph, jobs[4]!.settings);
    expect(together[4]).toEqual(last.picture);
  });

  it('hands over each picture with its place', async () => {
    const places: number[] = [];
    const pictures = await paintMany(small, model, jobsWith({}), (_, i) => void places.push(i), 2);
    expect(places).toEqual([0, 1, 2, 3, 4]);
    expect(pictures).toHaveLength(5);
  });

  it('fails with the reason of the job that failed instead of waiting for it', async () => {
    const jobs = jobsWith({}).map((job, i) =>
      i === 2 ? { ...job, settings: { ...job.settings, style: 'crayon' } } : job,
    );
    await expect(paintMany(small, model, jobs)).rejects.toThrow('no style "crayon"');
  });

  it('passes a fault of the network to the caller', async () => {
    const broken: Networks = {
      encodeGraph: (tokens) => small.encodeGraph(tokens),
      denoise: () => Promise.reject(new Error('out of memory')),
      decode: (latent) => small.decode(latent),
    };
    await expect(paintMany(broken, model, jobsWith({}))).rejects.toThrow('out of memory');
  });
});
