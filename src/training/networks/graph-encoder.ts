/**
 * Graph encoder: sg2im's GraphTripleConv (Johnson et al. 2018) with residual connections and layer norm, and the fusion of its
 * output with CLIP's label embeddings into S_cond.
 */
import { inSCondOrder } from '#diffusion/s-cond.ts';
import { graphEncoderPorts } from '#engine/package/network-ports.ts';
import type { Initializer, Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, div, exp, greater, mul, scale, shift, sub, sumOf } from '#onnx/ops/arithmetic.ts';
import { gather } from '#onnx/ops/indexing.ts';
import { cast, concat, slice, split, transpose, unsqueeze } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { cumSum, reduceSum } from '#onnx/ops/reduction.ts';
import { type ClipConfig, labelEmbedding, maskedMean, unitLength } from './clip.ts';
import { linear, mlp, norm, normal } from './layers.ts';

/**
 * How G_local, G_global and the labels become S_cond: `full` (every object token fused with its graph vector, a token per relation,
 * one for G_global), `interleaved` (the paper's released code: label tokens alternate with G_global, a copy of it after each label; said here of all
 * labels, where that code stops at the second or third), and two baselines that see no edges: `labels`, and `words`, the graph as a plain list of words (labels, and a token for each predicate that says nothing of its ends).
 */
export const fusions = ['labels', 'words', 'interleaved', 'full'] as const;
export type Fusion = (typeof fusions)[number];

export interface GraphEncoderConfig {
  readonly predicates: number;
  readonly styles: number;
  readonly wordWidth: number;
  readonly width: number;
  readonly layers: number;
  /** Width D of S_cond. */
  readonly tokenWidth: number;
  readonly fusion: Fusion;
}

export interface GraphInputs {
  readonly objectVectors: Value;
  readonly attributeVectors: Value;
  readonly objectMask: Value;
  readonly predicates: Value;
  readonly subjects: Value;
  readonly objects: Value;
  readonly relationMask: Value;
  readonly style: Value;
}

/** Declares the encoder's inputs: B graphs of O objects and T relations. */
export function graphInputs(
  g: GraphBuilder,
  wordWidth: number,
  batch: number,
  objects: number,
  relations: number,
): GraphInputs {
  const { inputs } = graphEncoderPorts;
  return {
    objectVectors: g.input(inputs.objectVectors, [batch, objects, wordWidth]),
    attributeVectors: g.input(inputs.attributeVectors, [batch, objects, wordWidth]),
    objectMask: g.input(inputs.objectMask, [batch, objects]),
    predicates: g.input(inputs.predicates, [batch, relations], 'int32'),
    subjects: g.input(inputs.subjects, [batch, relations, objects]),
    objects: g.input(inputs.objects, [batch, relations, objects]),
    relationMask: g.input(inputs.relationMask, [batch, relations]),
    style: g.input(inputs.style, [batch], 'int32'),
  };
}

export interface EncodedGraph {
  /** (B, O, H) and (B, T, H): G_local. */
  readonly objectVectors: Value;
  readonly relationVectors: Value;
  /** (B, C) in CLIP's image-feature space, unit length. */
  readonly gGlobal: Value;
}

const column = (g: GraphBuilder, mask: Value): Value => unsqueeze(g, mask, [2]);

/** Message passing over the triples. An object without a relation keeps its own vector and the mean of all (the paper's image node). */
export function encodeGraph(
  g: GraphBuilder,
  config: GraphEncoderConfig,
  clip: ClipConfig,
  inputs: GraphInputs,
): EncodedGraph {
  const { width } = config;
  const labels = labelEmbedding(g, clip, inputs.objectVectors);
  const attributes = linear(g, 'graph.attribute', inputs.attributeVectors, width, { bias: false }); // (B, O, H)
  const objects = mul(g, add(g, linear(g, 'graph.label', labels, width), attributes), column(g, inputs.objectMask)); // (B, O, H)
  const table = g.parameter('graph.predicate', [config.predicates, width], normal(1)); // (predicates, H)
  const { objectVectors, relationVectors } = passMessages(
    g,
    config,
    inputs,
    objects,
    gather(g, table, inputs.predicates),
  );
  const summary = concat(
    g,
    [
      maskedMean(g, objectVectors, inputs.objectMask), // (B, H)
      maskedMean(g, relationVectors, inputs.relationMask), // (B, H)
      styleRow(g, 'graph.style', config, inputs, width), // (B, H)
    ],
    1,
  );
  return {
    objectVectors,
    relationVectors,
    gGlobal: unitLength(g, linear(g, 'graph.global', summary, clip.featureWidth)), // (B, 3H) → (B, C)
  };
}

type Edges = Pick<GraphInputs, 'subjects' | 'objects' | 'objectMask' | 'relationMask'>;

/** The ends of the triples as matrices: from objects to triples and back. */
export interface TripleEnds extends Pick<GraphInputs, 'subjects' | 'objects' | 'relationMask'> {
  /** (B, O, T): `subjects` and `objects` turned round. */
  readonly bySubject: Value;
  readonly byObject: Value;
  /** (B, O, 1) how often each object is an end of a triple, at least 1. */
  readonly degree: Value;
}

/** Once for all layers. */
export function tripleEnds(g: GraphBuilder, edges: Pick<Edges, 'subjects' | 'objects' | 'relationMask'>): TripleEnds {
  const { subjects, objects, relationMask } = edges;
  const bySubject = transpose(g, subjects, [0, 2, 1]);
  const byObject = transpose(g, objects, [0, 2, 1]);
  const ends = column(g, reduceSum(g, add(g, subjects, objects), [1])); // (B, O, 1)
  const degree = g.one('Max', [ends, g.scalar(1)]);
  return { subjects, objects, relationMask, bySubject, byObject, degree };
}

/**
 * sg2im's graph triple convolution up to its average pooling (Johnson et al. 2018, section 3): net1 reads every triple and
 * gives a message for its subject, the relation's new vector and a message for its object.
 * @param objects (B, O, D)
 * @param relations (B, T, P)
 * @param net1 (B, T, D + P + D) → (B, T, H + P' + H)
 * @param width H
 * @returns `pooled` (B, O, H): the mean of the messages for each object, zeros for one without a relation; `relations` (B, T, P')
 */
export function graphTripleConv(
  g: GraphBuilder,
  ends: TripleEnds,
  objects: Value,
  relations: Value,
  net1: (triples: Value) => Value,
  width: number,
): { readonly pooled: Value; readonly relations: Value } {
  const triples = concat(g, [matMul(g, ends.subjects, objects), relations, matMul(g, ends.objects, objects)], 2); // (B, T, D + P + D)
  const messages = mul(g, net1(triples), column(g, ends.relationMask)); // (B, T, H + P' + H)
  const ofRelation = messages.shape[2]! - 2 * width;
  const [s, r, t] = split(g, messages, 2, [width, ofRelation, width]) as [Value, Value, Value]; // (B, T, H), (B, T, P'), (B, T, H)
  const sum = add(g, matMul(g, ends.bySubject, s), matMul(g, ends.byObject, t)); // (B, O, H)
  return { pooled: div(g, sum, ends.degree), relations: r };
}

/** Layers of GraphTripleConv with residuals over vectors (B, O, H) of objects and (B, T, H) of relations. */
export function passMessages(
  g: GraphBuilder,
  { width, layers }: Pick<GraphEncoderConfig, 'width' | 'layers'>,
  inputs: Edges,
  objectStart: Value,
  relationStart: Value,
): Pick<EncodedGraph, 'objectVectors' | 'relationVectors'> {
  let [objects, relations] = [objectStart, relationStart];
  const ends = tripleEnds(g, inputs);

  for (let layer = 0; layer < layers; layer++) {
    const name = `graph.layers.${layer}`;
    const o = norm(g, `${name}.objectNorm`, objects); // (B, O, H)
    const p = norm(g, `${name}.relationNorm`, relations); // (B, T, H)
    const net1 = (triples: Value) => mlp(g, `${name}.triple`, triples, width, 3 * width); // (B, T, 3H) → (B, T, 3H)
    const conv = graphTripleConv(g, ends, o, p, net1, width); // (B, O, H) and (B, T, H)
    const image = unsqueeze(g, linear(g, `${name}.image`, maskedMean(g, o, inputs.objectMask), width), [1]); // (B, 1, H)
    const update = mlp(g, `${name}.object`, add(g, add(g, conv.pooled, o), image), width, width, 0.5); // (B, O, H)
    objects = mul(g, add(g, objects, update), column(g, inputs.objectMask)); // (B, O, H)
    relations = mul(g, add(g, relations, conv.relations), column(g, inputs.relationMask)); // (B, T, H)
  }
  return {
    objectVectors: norm(g, 'graph.objectOut', objects),
    relationVectors: norm(g, 'graph.relationOut', relations),
  };
}

function styleRow(
  g: GraphBuilder,
  name: string,
  config: GraphEncoderConfig,
  inputs: GraphInputs,
  width: number,
): Value {
  return gather(g, g.parameter(name, [config.styles + 1, width], normal(0.5)), inputs.style);
}

/**
 * Per-channel gate on what the graph adds to a label token. It starts half open: started at zero, it reached 0.003 in 17,000 pictures,
 * half open 0.32 in 160,000.
 */
function gated(g: GraphBuilder, name: string, x: Value): Value {
  return mul(g, x, g.parameter(`${name}.gate`, [x.shape.at(-1)!], halfOpen));
}
const halfOpen: Initializer = { kind: 'constant', value: 0.5 };

/**
 * What tells objects of one label apart (B, O, 2): 1 − 1/n for n of them, and which of them it is in canonical order, −1 … 1 from the first to the
 * last. Two sheep that nothing else divides are two equal tokens, which attention reads as one, and pictures showed one sheep. Equal tokens are
 * in one order as good as in another, so that no order of a user's is in the picture.
 */
function amongEquals(g: GraphBuilder, { objectVectors, objectMask }: GraphInputs): Value {
  const words = unitLength(g, objectVectors); // (B, O, W)
  const cosines = matMul(g, words, transpose(g, words, [0, 2, 1])); // (B, O, O)
  // 1 for the same word, below 0.01 for words as near as lamb and sheep.
  const same = mul(g, exp(g, scale(g, shift(g, cosines, -1), 50)), unsqueeze(g, objectMask, [1])); // (B, O, O)
  const count = g.one('Max', [reduceSum(g, same, [2], { keepdims: true }), g.scalar(1)]); // (B, O, 1)
  const place = cumSum(g, objectMask, 1); // (B, O)
  const isBefore = cast(g, greater(g, unsqueeze(g, place, [2]), unsqueeze(g, place, [1])), 'float32'); // (B, O, O)
  const before = reduceSum(g, mul(g, same, isBefore), [2], { keepdims: true }); // (B, O, 1)
  const last = shift(g, count, -1);
  const rank = div(g, sub(g, scale(g, before, 2), last), g.one('Max', [last, g.scalar(1)])); // (B, O, 1)
  return concat(g, [shift(g, scale(g, div(g, g.scalar(1), count), -1), 1), rank], 2);
}

/**
 * S_cond (B, S, D) and its mask (B, S), in the order of s-cond.ts; interleaved, O copies of G_global follow.
 * @param encoded absent: labels and style alone, the stand-in for a text-to-image model's conditioning.
 */
export function fuse(
  g: GraphBuilder,
  config: GraphEncoderConfig,
  clip: ClipConfig,
  inputs: GraphInputs,
  encoded?: EncodedGraph,
): { sCond: Value; mask: Value } {
  const d = config.tokenWidth;
  const fusion = encoded ? config.fusion : 'labels';
  const labels = labelEmbedding(g, clip, inputs.objectVectors);
  const attributes = linear(g, 'fusion.attribute', inputs.attributeVectors, d, { bias: false }); // (B, O, D)
  const equals = linear(g, 'fusion.equals', amongEquals(g, inputs), d, { gain: 0, bias: false }); // (B, O, 2) → (B, O, D)
  let objects = sumOf(g, [mlp(g, 'fusion.label', labels, d, d), attributes, equals]); // (B, O, D)
  const style = unsqueeze(g, styleRow(g, 'fusion.style', config, inputs, d), [1]); // (B, 1, D)
  const none = mul(g, slice(g, inputs.objectMask, [1], [0], [1]), g.scalar(0)); // (B, 1)
  const one = shift(g, none, 1);

  let global = mul(g, style, g.scalar(0)); // (B, 1, D)
  let relations = mul(g, column(g, inputs.relationMask), g.filled([1, 1, d], 0)); // (B, T, D)
  if (fusion === 'words') {
    const table = g.parameter('fusion.predicate', [config.predicates, d], normal(1));
    relations = gather(g, table, inputs.predicates); // (B, T, D)
  } else if (encoded && fusion !== 'labels') {
    global = unsqueeze(g, mlp(g, 'fusion.global', encoded.gGlobal, d, d), [1]); // (B, C) → (B, 1, D)
    if (fusion === 'full') {
      objects = add(g, objects, gated(g, 'fusion.object', mlp(g, 'fusion.object', encoded.objectVectors, d, d)));
      relations = mlp(g, 'fusion.relation', encoded.relationVectors, d, d); // (B, T, H) → (B, T, D)
    }
  }
  const ordered = inSCondOrder({ global, objects, relations, style });
  // S_cond is a set: a copy of G_global for each label is the same after all of them as between them.
  const isInterleaved = fusion === 'interleaved';
  const copies = isInterleaved ? [mul(g, column(g, shift(g, scale(g, inputs.objectMask, 0), 1)), global)] : []; // (B, O, D)
  const sCond = norm(g, 'fusion.norm', concat(g, [...ordered, ...copies], 1)); // (B, 1 + O + T + 1, D), + O if interleaved
  const hasRelations = fusion === 'full' || fusion === 'words';
  const relationMask = hasRelations ? inputs.relationMask : mul(g, inputs.relationMask, g.scalar(0));
  const masks = {
    global: fusion === 'full' ? one : none,
    objects: inputs.objectMask,
    relations: relationMask,
    style: one,
  };
  return { sCond, mask: concat(g, [...inSCondOrder(masks), ...(isInterleaved ? [inputs.objectMask] : [])], 1) };
}
