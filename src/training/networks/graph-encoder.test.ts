/** The message passing by itself: against PyTorch's numbers, and against the same layers written as loops over objects and triples. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { gradients } from '#onnx/gradients.ts';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { relu } from '#onnx/ops/activation.ts';
import { mul } from '#onnx/ops/arithmetic.ts';
import { sumAll } from '#onnx/ops/reduction.ts';
import { ForwardPass, initializeParameters } from '#training/trainer/training-step.ts';
import { fuse, graphInputs, graphTripleConv, passMessages, tripleEnds } from './graph-encoder.ts';
import golden from './graph-triple-conv.fixture.json';
import { linear } from './layers.ts';

type Edge = readonly [subject: number, object: number];
type Rows = readonly (readonly number[])[];

const cut = (numbers: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: numbers.length / width }, (_, row) =>
    Array.from({ length: width }, (_, i) => numbers[row * width + i]!),
  );
const turned = (rows: Rows): number[][] => rows[0]!.map((_, i) => rows.map((row) => row[i]!));

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  const apart = Array.from(found, (value, i) => Math.abs(value - expected[i]!));
  expect(Math.max(...apart)).toBeLessThan(tolerance);
}

/** (graphs, triples, objects) one-hot: which object is the given end; zeros where padded. */
function oneHot(graphs: readonly (readonly Edge[])[], end: 0 | 1, triples: number, objects: number): Float32Array {
  const places = new Float32Array(graphs.length * triples * objects);
  for (const [b, edges] of graphs.entries())
    for (const [t, edge] of edges.entries()) places[(b * triples + t) * objects + edge[end]] = 1;
  return places;
}

/** (graphs, size) 1 for the first of each, 0 for padding. */
const maskOf = (counts: readonly number[], size: number): Float32Array =>
  Float32Array.from(counts.flatMap((count) => Array.from({ length: size }, (_, i) => Number(i < count))));

test('graphTripleConv: forward and gradients are PyTorch’s', async () => {
  const { D, H, Dout } = golden.widths;
  const edges = golden.edges as unknown as Edge[];
  // A sixth triple that is padding, whose predicate must not be heard.
  const [O, T] = [4, edges.length + 1];
  const g = new GraphBuilder();
  const objects = g.input('objects', [1, O, D]);
  const predicates = g.input('predicates', [1, T, D]);
  const ends = tripleEnds(g, {
    subjects: g.input('at_subject', [1, T, O]),
    objects: g.input('at_object', [1, T, O]),
    relationMask: g.input('mask', [1, T]),
  });
  const net = (name: string, widths: readonly [number, number]) => (x: Value) =>
    relu(g, linear(g, `${name}.2`, relu(g, linear(g, `${name}.0`, x, widths[0])), widths[1]));
  const conv = graphTripleConv(g, ends, objects, predicates, net('net1', [H, 2 * H + Dout]), H);
  const newObjects = net('net2', [H, Dout])(conv.pooled);
  g.output('newObjects', newObjects);
  g.output('newPredicates', conv.relations);
  const loss = sumAll(g, mul(g, newObjects, g.input('weigh', [1, O, Dout])));
  const weight = g.parameters.get('net1.0.weight')!.value;
  for (const [i, gradient] of gradients(g, loss, [objects, predicates, weight]).entries())
    g.output(`gradient${i}`, gradient);

  const weights = new Map<string, Float32Array>();
  for (const [name, layers, widths] of [
    ['net1', golden.net1, [3 * D, H]],
    ['net2', golden.net2, [H, H]],
  ] as const) {
    for (const [i, layer] of layers.entries()) {
      weights.set(`${name}.${2 * i}.weight`, Float32Array.from(turned(cut(layer.weight, widths[i]!)).flat()));
      weights.set(`${name}.${2 * i}.bias`, Float32Array.from(layer.bias));
    }
  }
  const forward = await ForwardPass.create(g, 'cpu');
  const found = await forward.run(
    {
      objects: Float32Array.from(golden.objects),
      predicates: Float32Array.from([...golden.predicates, ...new Array(D).fill(3)]),
      at_subject: oneHot([edges], 0, T, O),
      at_object: oneHot([edges], 1, T, O),
      mask: maskOf([edges.length], T),
      weigh: Float32Array.from(golden.weigh),
    },
    weights,
  );
  await forward.release();

  const expected = golden.gradients;
  expectClose(found.newObjects!, golden.newObjects, 1e-5);
  expectClose(found.newPredicates!, [...golden.newPredicates, ...new Array(Dout).fill(0)], 1e-5);
  expectClose(found.gradient0!, expected.objects, 1e-5);
  expectClose(found.gradient1!, [...expected.predicates, ...new Array(D).fill(0)], 1e-5);
  expectClose(turned(cut(found.gradient2!, H)).flat(), expected['net1.0.weight'], 1e-5);
});

/** What passMessages promises, one graph without padding at a time, in double precision. */
function loopsOf(weights: ReadonlyMap<string, Float32Array>, width: number, layers: number) {
  const plus = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value + b[i]!);
  const mean = (rows: Rows) => rows.reduce(plus, new Array<number>(width).fill(0)).map((sum) => sum / rows.length);
  const matrix = (name: string, row: readonly number[]) => {
    const bias = weights.get(`${name}.bias`)!;
    const columns = turned(cut(weights.get(`${name}.weight`)!, bias.length));
    return columns.map((column, o) => column.reduce((sum, w, i) => sum + w * row[i]!, bias[o]!));
  };
  const mlp = (name: string, row: readonly number[]) =>
    matrix(
      `${name}.2`,
      matrix(`${name}.1`, row).map((x) => x / (1 + Math.exp(-x))),
    );
  const norm = (name: string, row: readonly number[]) => {
    const middle = row.reduce((sum, x) => sum + x, 0) / width;
    const deviation = Math.sqrt(row.reduce((sum, x) => sum + (x - middle) ** 2, 0) / width + 1e-5);
    const [gain, bias] = [weights.get(`${name}.gain`)!, weights.get(`${name}.bias`)!];
    return row.map((x, i) => ((x - middle) / deviation) * gain[i]! + bias[i]!);
  };
  return (objects: Rows, relations: Rows, edges: readonly Edge[]) => {
    for (let layer = 0; layer < layers; layer++) {
      const at = (part: string) => `graph.layers.${layer}.${part}`;
      const o = objects.map((row) => norm(at('objectNorm'), row));
      const p = relations.map((row) => norm(at('relationNorm'), row));
      const heard: number[][][] = objects.map(() => []);
      const news = edges.map(([subject, object], t) => {
        const all = mlp(at('triple'), [...o[subject]!, ...p[t]!, ...o[object]!]);
        heard[subject]!.push(all.slice(0, width));
        heard[object]!.push(all.slice(2 * width));
        return all.slice(width, 2 * width);
      });
      const image = matrix(at('image'), mean(o));
      objects = objects.map((row, i) => {
        const own = heard[i]!.length > 0 ? plus(o[i]!, mean(heard[i]!)) : o[i]!;
        return plus(row, mlp(at('object'), plus(own, image)));
      });
      relations = relations.map((row, t) => plus(row, news[t]!));
    }
    return {
      objects: objects.map((row) => norm('graph.objectOut', row)),
      relations: relations.map((row) => norm('graph.relationOut', row)),
    };
  };
}

test('passMessages: residual layers over two graphs of different sizes', async () => {
  const [width, layers, O, T] = [6, 2, 5, 6];
  const graphs: readonly { readonly count: number; readonly edges: readonly Edge[] }[] = [
    // Object 3 has no relation, object 1 one with itself.
    {
      count: 4,
      edges: [
        [0, 1],
        [1, 2],
        [2, 0],
        [0, 2],
        [1, 1],
      ],
    },
    { count: 2, edges: [[1, 0]] },
  ];
  const g = new GraphBuilder();
  const inputs = {
    subjects: g.input('subjects', [2, T, O]),
    objects: g.input('objects', [2, T, O]),
    objectMask: g.input('object_mask', [2, O]),
    relationMask: g.input('relation_mask', [2, T]),
  };
  const starts = [g.input('object_start', [2, O, width]), g.input('relation_start', [2, T, width])] as const;
  const { objectVectors, relationVectors } = passMessages(g, { width, layers }, inputs, ...starts);
  g.output('objectVectors', objectVectors);
  g.output('relationVectors', relationVectors);
  const noise = seededNoise(2);
  // Away from the gains of 1 and biases of 0 that they start from.
  const weights = new Map(
    [...initializeParameters(g, 1)].map(([name, data]) => [name, data.map((value) => value + 0.3 * noise.normal())]),
  );
  const start = graphs.map(({ count, edges }) => ({
    objects: cut(noise.normals(count * width), width),
    relations: cut(noise.normals(edges.length * width), width),
  }));
  const padded = (rows: Rows, count: number) => [...rows.flat(), ...new Array((count - rows.length) * width).fill(0)];
  const forward = await ForwardPass.create(g, 'cpu');
  const edges = graphs.map((graph) => graph.edges);
  const found = await forward.run(
    {
      subjects: oneHot(edges, 0, T, O),
      objects: oneHot(edges, 1, T, O),
      object_mask: maskOf([4, 2], O),
      relation_mask: maskOf([5, 1], T),
      object_start: Float32Array.from(start.flatMap(({ objects }) => padded(objects, O))),
      relation_start: Float32Array.from(start.flatMap(({ relations }) => padded(relations, T))),
    },
    weights,
  );
  await forward.release();

  const loops = loopsOf(weights, width, layers);
  for (const [b, { objects, relations }] of start.entries()) {
    const expected = loops(objects, relations, edges[b]!);
    const first = (all: Float32Array, count: number, of: number) =>
      all.subarray(b * of * width, (b * of + count) * width);
    expectClose(first(found.objectVectors!, objects.length, O), expected.objects.flat(), 1e-4);
    expectClose(first(found.relationVectors!, relations.length, T), expected.relations.flat(), 1e-4);
  }
});

test('what a token says of its equals: 1 − 1/n, and −1 … 1 by place', async () => {
  const [O, T, W, D] = [7, 1, 4, 6];
  const g = new GraphBuilder();
  const config = {
    predicates: 1,
    styles: 1,
    wordWidth: W,
    width: 4,
    layers: 1,
    tokenWidth: D,
    fusion: 'labels',
  } as const;
  const clip = { image: { widths: [4, 4], blocks: [1, 1] }, labelWidth: 4, featureWidth: 4 } as const;
  g.output('tokens', fuse(g, config, clip, graphInputs(g, W, 1, O, T)).sCond);
  // Every weight is zero but those that make an object's token norm(x, −x, y, −y, 1, −1) of the two numbers x and y that are told.
  const weights = new Map([...initializeParameters(g, 1)].map(([name, data]) => [name, new Float32Array(data.length)]));
  weights.set('fusion.equals.weight', Float32Array.of(1, -1, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0));
  weights.set('fusion.label.2.bias', Float32Array.of(0, 0, 0, 0, 1, -1));
  weights.set('fusion.norm.gain', new Float32Array(D).fill(1));
  const forward = await ForwardPass.create(g, 'cpu');
  const toldOf = async (words: readonly number[]) => {
    const vectors = new Float32Array(O * W);
    // Padding that holds the first object's word is no equal of it.
    for (let o = 0; o < O; o++) vectors[o * W + (words[o] ?? words[0]!)] = 1;
    const { tokens } = await forward.run(
      {
        object_vectors: vectors,
        attribute_vectors: new Float32Array(O * W),
        object_mask: maskOf([words.length], O),
        predicates: new Int32Array(T),
        subjects: new Float32Array(T * O),
        objects: new Float32Array(T * O),
        relation_mask: new Float32Array(T),
        style: new Int32Array(1),
      },
      weights,
    );
    // S_cond starts with G_global.
    return words.map((_, o) => {
      const token = tokens!.subarray((1 + o) * D, (2 + o) * D);
      return [token[0]! / token[4]!, token[2]! / token[4]!];
    });
  };
  const word = fc.nat(W - 1);
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: O }), async (words) => {
      const told = await toldOf(words);
      for (const [o, mine] of words.entries()) {
        const equals = words.flatMap((other, i) => (other === mine ? [i] : []));
        const n = equals.length;
        const rank = n === 1 ? 0 : -1 + (2 * equals.indexOf(o)) / (n - 1);
        expectClose(told[o]!, [1 - 1 / n, rank], 1e-4);
      }
    }),
    { examples: [[[0, 0, 0]], [[0, 1, 0]], [[2]]] },
  );
  await forward.release();
});
