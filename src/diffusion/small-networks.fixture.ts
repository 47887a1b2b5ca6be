/**
 * Three real networks small enough to be written out in TypeScript, with seeded weights: a GraphTripleConv encoder, a denoiser with
 * cross-attention and a decoder. They paint nothing worth looking at; they exist so that the pipeline's promises (order does not
 * matter, padding does not matter, guidance, cancellation) are proved against the same arithmetic the trained networks do.
 */
import type { Networks } from './networks.ts';
import { sCondLayout } from './s-cond.ts';
import { seededNoise } from './sampling/noise.ts';
import type { Tensor } from './tensor.ts';
import type { WordEmbedding } from './tokens.ts';

type Matrix = (input: readonly number[]) => number[];

const add = (a: readonly number[], b: readonly number[]): number[] => a.map((x, i) => x + b[i]!);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const rowOf = (tensor: Tensor, row: number, width: number): number[] => [
  ...tensor.data.subarray(row * width, (row + 1) * width),
];
const meanOf = (rows: readonly (readonly number[])[], width: number): number[] =>
  rows.reduce<number[]>((sum, row) => sum.map((x, i) => x + row[i]! / rows.length), new Array<number>(width).fill(0));

/** A word's vector from its letters, so that every word is known and different. */
export function letterEmbedding(width: number): WordEmbedding {
  return {
    width,
    vector(label) {
      const seed = [...label].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7);
      const vector = seededNoise(seed).normals(width);
      const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
      return vector.map((x) => x / length);
    },
  };
}

export interface SmallNetworksOptions {
  /** W of the word vectors. */
  readonly words: number;
  /** Number of predicates. */
  readonly predicates: number;
  /** Styles without "any". */
  readonly styles: number;
  /** C of the latent. */
  readonly channels: number;
}

const D = 6;

/** The decoder makes every latent pixel 2 × 2 picture pixels. */
export function createSmallNetworks({ words, predicates, styles, channels }: SmallNetworksOptions): Networks {
  const random = seededNoise(11);
  const linear = (inputs: number, outputs: number): Matrix => {
    const rows = Array.from({ length: outputs }, () => [...random.normals(inputs)].map((w) => w / Math.sqrt(inputs)));
    return (input) => rows.map((row) => dot(row, input));
  };
  const objectIn = linear(2 * words, D);
  const predicateRows = Array.from({ length: predicates }, () => [...random.normals(D)]);
  const styleRows = Array.from({ length: styles + 1 }, () => [...random.normals(D)]);
  const triple = linear(3 * D, 3 * D);
  const global = linear(2 * D, D);
  const [query, key, value] = [linear(channels + 3, D), linear(D, D), linear(D, D)];
  const mix = linear(channels + 3 + D, channels);
  const toRgb = linear(channels, 3);

  return {
    async encodeGraph(tokens) {
      const [batch = 0, O = 0] = tokens.objectMask.dims;
      const T = tokens.relationMask.dims[1]!;
      const S = sCondLayout({ objects: O, relations: T }).tokens;
      const sCond = new Float32Array(batch * S * D);
      const mask = new Float32Array(batch * S);
      const gGlobal = new Float32Array(batch * D);
      for (let b = 0; b < batch; b++) {
        const objects = Array.from({ length: O }, (_, o) =>
          objectIn([
            ...rowOf(tokens.objectVectors, b * O + o, words),
            ...rowOf(tokens.attributeVectors, b * O + o, words),
          ]),
        );
        const received: number[][][] = objects.map(() => []);
        const relations = Array.from({ length: T }, (_, t) => {
          const row = b * T + t;
          if (tokens.relationMask.data[row] === 0) return new Array<number>(D).fill(0);
          const subject = rowOf(tokens.subjects, row, O).indexOf(1);
          const object = rowOf(tokens.objects, row, O).indexOf(1);
          const parts = triple([
            ...objects[subject]!,
            ...predicateRows[tokens.predicates.data[row]!]!,
            ...objects[object]!,
          ]);
          const out = parts.map((x) => Math.max(0, x));
          received[subject]!.push(out.slice(0, D));
          received[object]!.push(out.slice(2 * D));
          return out.slice(D, 2 * D);
        });
        const isObject = (o: number) => tokens.objectMask.data[b * O + o] === 1;
        const isRelation = (t: number) => tokens.relationMask.data[b * T + t] === 1;
        const convolved = objects.map((o, i) => (received[i]!.length > 0 ? add(o, meanOf(received[i]!, D)) : o));
        const whole = global([
          ...meanOf(
            convolved.filter((_, o) => isObject(o)),
            D,
          ),
          ...meanOf(
            relations.filter((_, t) => isRelation(t)),
            D,
          ),
        ]);
        const style = styleRows[tokens.style.data[b]!]!;
        for (const [s, token] of [whole, ...convolved, ...relations, style].entries())
          sCond.set(token, (b * S + s) * D);
        const present = [
          1,
          ...objects.map((_, o) => Number(isObject(o))),
          ...relations.map((_, t) => Number(isRelation(t))),
          1,
        ];
        mask.set(present, b * S);
        const length = Math.sqrt(dot(whole, whole));
        gGlobal.set(
          whole.map((x) => x / length),
          b * D,
        );
      }
      return {
        sCond: { data: sCond, dims: [batch, S, D] },
        mask: { data: mask, dims: [batch, S] },
        gGlobal: { data: gGlobal, dims: [batch, D] },
      };
    },

    async denoise({ sample, timestep, sCond, mask }) {
      const [batch = 0, C = 0, h = 0, w = 0] = sample.dims;
      const S = mask.dims[1]!;
      const area = h * w;
      const prediction = new Float32Array(sample.data.length);
      const attention = new Float32Array(batch * S * area);
      for (let b = 0; b < batch; b++) {
        const tokens = Array.from({ length: S }, (_, s) => rowOf(sCond, b * S + s, D));
        const [keys, values] = [tokens.map(key), tokens.map(value)];
        for (let i = 0; i < area; i++) {
          const pixel = Array.from({ length: C }, (_, c) => sample.data[(b * C + c) * area + i]!);
          const place = [...pixel, timestep.data[b]!, (i % w) / w, Math.floor(i / w) / h];
          const q = query(place);
          // The null token has a logit of 0 and a value of zeros, so with every token masked it takes all the weight.
          const weights = keys.map((k, s) => (mask.data[b * S + s] === 1 ? Math.exp(dot(q, k) / D) : 0));
          const total = 1 + weights.reduce((sum, x) => sum + x, 0);
          const seen = values.reduce<number[]>(
            (sum, v, s) => sum.map((x, d) => x + (v[d]! * weights[s]!) / total),
            new Array(D).fill(0),
          );
          for (let s = 0; s < S; s++) attention[(b * S + s) * area + i] = weights[s]! / total;
          for (const [c, out] of mix([...place, ...seen]).entries())
            prediction[(b * C + c) * area + i] = Math.tanh(out);
        }
      }
      return {
        prediction: { data: prediction, dims: sample.dims },
        attention: { data: attention, dims: [batch, S, area] },
      };
    },

    async decode(latent) {
      const [batch = 0, C = 0, h = 0, w = 0] = latent.dims;
      const data = new Float32Array(batch * 3 * 4 * h * w);
      for (let b = 0; b < batch; b++) {
        for (let y = 0; y < 2 * h; y++) {
          for (let x = 0; x < 2 * w; x++) {
            const i = (y >> 1) * w + (x >> 1);
            const rgb = toRgb(Array.from({ length: C }, (_, c) => latent.data[(b * C + c) * h * w + i]!));
            for (let c = 0; c < 3; c++) data[((b * 3 + c) * 2 * h + y) * 2 * w + x] = Math.tanh(rgb[c]!);
          }
        }
      }
      return { data, dims: [batch, 3, 2 * h, 2 * w] };
    },
  };
}
