import { describe, expect, it } from 'vitest';
import { createGuidedDenoiser } from './guidance.ts';
import type { DenoiserConditioning, DenoiserInput, Networks } from './networks.ts';
import { seededNoise } from './sampling/noise.ts';
import { NonFiniteError } from './sampling/non-finite.ts';
import { createParametrisation } from './sampling/parametrisation.ts';
import { createSmallNetworks, letterEmbedding } from './small-networks.fixture.ts';
import { buildGraphTokens } from './tokens.ts';

const networks = createSmallNetworks({ words: 5, predicates: 2, styles: 1, channels: 2 });
const parametrisation = createParametrisation('edm', 0.5);
const latentDims = [2, 3, 3];
const x = seededNoise(1).normals(18);

const conditioning = await networks.encodeGraph(
  buildGraphTokens(
    [
      {
        objects: [
          { label: 'dog', attributes: [] },
          { label: 'grass', attributes: ['green'] },
        ],
        relations: [{ subject: 0, predicate: 'on', object: 1 }],
        style: 'any',
      },
    ],
    { predicates: ['on', 'above'], styles: ['noto'], embedding: letterEmbedding(5) },
  ),
);

/** The real network, and the inputs it was given. */
function recorded(): { readonly networks: Networks; readonly inputs: DenoiserInput[] } {
  const inputs: DenoiserInput[] = [];
  const denoise: Networks['denoise'] = (input) => {
    inputs.push(input);
    return networks.denoise(input);
  };
  return { networks: { ...networks, denoise }, inputs };
}

async function denoisedAt(guidanceScale: number) {
  const { networks, inputs } = recorded();
  const guided = createGuidedDenoiser({ networks, parametrisation, conditioning, latentDims, guidanceScale });
  const denoised = await guided.denoise(x, 0.8);
  return { denoised, inputs, attention: guided.attention() };
}

/** Order of S: G_global, two objects, one relation, style. */
const RELATION = 3;
const withoutRelations = {
  sCond: conditioning.sCond,
  mask: { ...conditioning.mask, data: conditioning.mask.data.map((seen, at) => (at === RELATION ? 0 : seen)) },
};

/** @param calls all of one picture and one noise level; what is denoised is their mean */
async function denoisedBy(
  guidanceScale: number,
  relationFactor?: number,
  told: DenoiserConditioning = conditioning,
  calls = 1,
) {
  const { networks, inputs } = recorded();
  const scales = { guidanceScale, relationFactor };
  const guided = createGuidedDenoiser({ networks, parametrisation, conditioning: told, latentDims, ...scales });
  const denoised = new Float32Array(x.length);
  for (let call = 0; call < calls; call++) {
    for (const [i, value] of (await guided.denoise(x, 0.8)).entries()) denoised[i]! += value / calls;
  }
  return { denoised, inputs, attention: guided.attention() };
}

describe('channels that guidance does not amplify', () => {
  const last = 1;
  const isLast = (i: number) => i >= x.length / 2;
  const denoisedWith = (guidanceScale: number, unguided?: readonly number[]) =>
    createGuidedDenoiser({ networks, parametrisation, conditioning, latentDims, guidanceScale, unguided }).denoise(
      x,
      0.8,
    );

  it('are as the graph alone has them, and the others as they would be', async () => {
    const [graph, all, some] = [await denoisedWith(1), await denoisedWith(3), await denoisedWith(3, [last])];
    expect(all.some((value, i) => isLast(i) && Math.abs(value - graph[i]!) > 1e-3)).toBe(true);
    some.forEach((value, i) => {
      expect(value).toBeCloseTo((isLast(i) ? graph : all)[i]!, 5);
    });
  });

  it('follow a scale below one, which weakens the graph', async () => {
    expect(await denoisedWith(0.5, [last])).toEqual(await denoisedWith(0.5));
    expect(await denoisedWith(0, [last])).toEqual(await denoisedWith(0));
  });
});

describe('guidance that carries relations further than objects', () => {
  const told = { ...conditioning, withoutRelations };
  const objectsAlone = async () => (await denoisedBy(1, undefined, { ...conditioning, ...withoutRelations })).denoised;

  it('adds up nothing, the objects and the relations over the steps', async () => {
    const { denoised, inputs } = await denoisedBy(2, 4, told, 4);
    expect(inputs.map(({ mask }) => mask.dims[0])).toEqual([2, 2, 2, 2]);
    const [graph, objects] = [(await denoisedBy(1)).denoised, await objectsAlone()];
    const nothing = (await denoisedBy(0)).denoised;
    denoised.forEach((value, i) => {
      const expected = nothing[i]! + 2 * (objects[i]! - nothing[i]!) + 5 * (graph[i]! - objects[i]!);
      expect(value).toBeCloseTo(expected, 4);
    });
  });

  it('leads away from the objects in all but one of as many steps as the factor says', async () => {
    const S = conditioning.mask.dims[1]!;
    const awayFromObjects = async (factor: number, calls: number) => {
      const { inputs } = await denoisedBy(3, factor, told, calls);
      return inputs.filter(({ mask }) => mask.data.subarray(S).some((seen) => seen === 1)).length;
    };
    expect([await awayFromObjects(1, 6), await awayFromObjects(2, 6), await awayFromObjects(3, 6)]).toEqual([0, 3, 4]);
    expect(await awayFromObjects(1.5, 6)).toBe(2);
  });

  it('leads a student’s first call away from the objects, and no other', async () => {
    const { networks, inputs } = recorded();
    const student = { guidanceScale: 1, relationScale: 3 };
    const guided = createGuidedDenoiser({ networks, parametrisation, conditioning: told, latentDims, ...student });
    const [first, second] = [await guided.denoise(x, 0.8), await guided.denoise(x, 0.8)];
    expect(inputs.map(({ mask }) => mask.dims[0])).toEqual([2, 1]);
    const [graph, objects] = [(await denoisedBy(1)).denoised, await objectsAlone()];
    first.forEach((value, i) => {
      expect(value).toBeCloseTo(objects[i]! + 3 * (graph[i]! - objects[i]!), 4);
    });
    expect(second).toEqual(graph);
  });

  it('is one branch without guidance', async () => {
    for (const scale of [0, 1]) {
      const { denoised, inputs } = await denoisedBy(scale, 2, told);
      expect(inputs[0]!.mask.dims[0]).toBe(1);
      expect(denoised).toEqual((await denoisedAt(scale)).denoised);
    }
  });

  it('shows the attention of the graph, whatever the factor', async () => {
    const { attention } = await denoisedBy(3, 2, told);
    expect(attention).toEqual((await denoisedBy(1)).attention);
  });

  it('is as usual where the graph has no relations to leave out', async () => {
    expect((await denoisedBy(3, 2)).denoised).toEqual((await denoisedAt(3)).denoised);
  });
});

describe('createGuidedDenoiser', () => {
  it('calls one branch at scale 1 and at scale 0, both in one batch otherwise', async () => {
    const batches = [];
    for (const scale of [1, 0, 3]) batches.push((await denoisedAt(scale)).inputs.map((input) => input.mask.dims[0]));
    expect(batches).toEqual([[1], [1], [2]]);
  });

  it('masks every token of the unconditional branch and none of the conditional', async () => {
    const { inputs } = await denoisedAt(3);
    const S = conditioning.mask.dims[1]!;
    expect([...inputs[0]!.mask.data.subarray(0, S)]).toEqual([...conditioning.mask.data]);
    expect(inputs[0]!.mask.data.subarray(S).every((value) => value === 0)).toBe(true);
    expect(inputs[0]!.sample.data.subarray(0, 18)).toEqual(inputs[0]!.sample.data.subarray(18));
  });

  it('tells a denoiser without a null token what stands for it, and copes without attention', async () => {
    const inputs: DenoiserInput[] = [];
    const plain = {
      denoise: async (input: DenoiserInput) => {
        inputs.push(input);
        return { prediction: (await networks.denoise(input)).prediction };
      },
    };
    const { sCond, mask } = conditioning;
    const unconditional = { ...sCond, data: sCond.data.map((value) => -value) };
    const guided = createGuidedDenoiser({
      networks: plain,
      parametrisation,
      conditioning: { sCond, mask, unconditional },
      latentDims,
      guidanceScale: 3,
    });
    await guided.denoise(x, 0.8);
    expect(inputs[0]!.sCond.dims).toEqual([2, ...sCond.dims.slice(1)]);
    expect(inputs[0]!.sCond.data).toEqual(Float32Array.of(...sCond.data, ...unconditional.data));
    expect([...inputs[0]!.mask.data]).toEqual([...mask.data, ...mask.data]);
    expect(guided.attention().data.every((value) => value === 0)).toBe(true);
  });

  it('extrapolates from the unconditional through the conditional', async () => {
    const [zero, one, three] = [await denoisedAt(0), await denoisedAt(1), await denoisedAt(3)];
    expect(one.denoised).not.toEqual(zero.denoised);
    for (const [i, value] of three.denoised.entries()) {
      expect(value).toBeCloseTo(zero.denoised[i]! + 3 * (one.denoised[i]! - zero.denoised[i]!), 5);
    }
  });

  it('is the network in its parametrisation', async () => {
    const { denoised, inputs } = await denoisedAt(1);
    const c = parametrisation.coefficients(0.8);
    const { prediction } = await networks.denoise(inputs[0]!);
    expect(inputs[0]!.timestep.data[0]).toBeCloseTo(Math.log(0.8) / 4, 6);
    for (const [i, value] of denoised.entries()) {
      expect(inputs[0]!.sample.data[i]).toBeCloseTo(c.in * x[i]!, 6);
      expect(value).toBeCloseTo(c.skip * x[i]! + c.out * prediction.data[i]!, 5);
    }
  });

  it('averages the conditional attention over the calls', async () => {
    const guided = createGuidedDenoiser({ networks, parametrisation, conditioning, latentDims, guidanceScale: 4 });
    expect(guided.attention().data.every((value) => value === 0)).toBe(true);
    await guided.denoise(x, 2);
    const first = guided.attention();
    await guided.denoise(x, 0.3);
    const both = guided.attention();
    const second = createGuidedDenoiser({ networks, parametrisation, conditioning, latentDims, guidanceScale: 1 });
    await second.denoise(x, 0.3);
    expect(first.dims).toEqual([conditioning.mask.dims[1], 9]);
    for (const [i, value] of both.data.entries()) {
      expect(value).toBeCloseTo((first.data[i]! + second.attention().data[i]!) / 2, 6);
    }
    expect((await denoisedAt(0)).attention.data.every((value) => value === 0)).toBe(true);
  });

  it('refuses a prediction that is not finite', async () => {
    const overflowing: Networks['denoise'] = async (input) => {
      const output = await networks.denoise(input);
      return { ...output, prediction: { ...output.prediction, data: output.prediction.data.map((f) => f * 1e39) } };
    };
    const guided = createGuidedDenoiser({
      networks: { denoise: overflowing },
      parametrisation,
      conditioning,
      latentDims,
      guidanceScale: 2,
    });
    const fault = await guided.denoise(x, 0.8).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(NonFiniteError);
    expect(fault).toMatchObject({ code: 'non-finite', source: 'the denoiser at sigma 0.8' });
  });
});
