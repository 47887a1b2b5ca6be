import { describe, expect, it } from 'vitest';
import { createGuidedDenoiser } from './guidance.ts';
import type { DenoiserInput, Networks } from './networks.ts';
import { seededNoise } from './noise.ts';
import { NonFiniteError } from './non-finite.ts';
import { createParametrisation } from './parametrisation.ts';
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
