/**
 * The graph adapter of a text-to-image model: what the graph adds to the text encoder's hidden states. Objects and relations start from
 * the encodings of their own words, exchange messages along the edges, and go back onto those words through a gate that starts at zero,
 * so that an untrained adapter leaves the model as it was (Zhang et al. 2023, "zero convolution"; the paper's S_cond fuses labels and
 * graph vectors likewise).
 */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, div, mul } from '#onnx/ops/arithmetic.ts';
import { transpose, unsqueeze } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { reduceSum } from '#onnx/ops/reduction.ts';
import { maskedMean, unitLength } from './clip.ts';
import { passMessages } from './graph-encoder.ts';
import { linear, mlp, norm, zeros } from './layers.ts';

export interface GraphAdapterConfig {
  /** H of the message passing. */
  readonly width: number;
  readonly layers: number;
}

export interface GraphAdapterInputs {
  /** (B, S, D) of the text encoder. */
  readonly hidden: Value;
  /** (B, O, S) and (B, T, S): 1 where a token of the text belongs to the object or relation. */
  readonly objectPlaces: Value;
  readonly relationPlaces: Value;
  /** (B, T, O) one-hot: the ends of each relation. */
  readonly subjects: Value;
  readonly objects: Value;
  /** (B, O) and (B, T): 1 for what is there, 0 for padding. */
  readonly objectMask: Value;
  readonly relationMask: Value;
}

/** Sizes of a batch of graphs with their texts. */
export interface AdapterSizes {
  readonly batch: number;
  readonly tokens: number;
  readonly width: number;
  readonly objects: number;
  readonly relations: number;
}

/** Names of the inputs are the exported model's. */
export function graphAdapterInputs(
  g: GraphBuilder,
  { batch, tokens, width, objects, relations }: AdapterSizes,
): GraphAdapterInputs {
  return {
    hidden: g.input('hidden_states', [batch, tokens, width]),
    objectPlaces: g.input('object_places', [batch, objects, tokens]),
    relationPlaces: g.input('relation_places', [batch, relations, tokens]),
    subjects: g.input('subjects', [batch, relations, objects]),
    objects: g.input('objects', [batch, relations, objects]),
    objectMask: g.input('object_mask', [batch, objects]),
    relationMask: g.input('relation_mask', [batch, relations]),
  };
}

export interface AdaptedText {
  /** (B, S, D) for the UNet's cross-attention. */
  readonly sCond: Value;
  /** (B, O, H): G_local. */
  readonly objectVectors: Value;
}

export function graphAdapter(g: GraphBuilder, config: GraphAdapterConfig, inputs: GraphAdapterInputs): AdaptedText {
  const { hidden, objectPlaces, relationPlaces } = inputs;
  const start = (name: string, places: Value): Value =>
    linear(g, name, norm(g, `${name}.norm`, meanOver(g, places, hidden)), config.width);
  const { objectVectors, relationVectors } = passMessages(
    g,
    config,
    inputs,
    start('adapter.object', objectPlaces),
    start('adapter.relation', relationPlaces),
  );
  const back = (name: string, places: Value, vectors: Value): Value => {
    const width = hidden.shape.at(-1)!;
    const gate = g.parameter(`${name}.gate`, [width], zeros);
    return mul(g, matMul(g, transpose(g, places, [0, 2, 1]), mlp(g, name, vectors, config.width, width)), gate);
  };
  const fromObjects = back('adapter.fromObjects', objectPlaces, objectVectors);
  const fromRelations = back('adapter.fromRelations', relationPlaces, relationVectors);
  return { sCond: add(g, hidden, add(g, fromObjects, fromRelations)), objectVectors };
}

/** (B, C) of unit length in the space of CLIP's image features; training alone has a use for it. */
export function globalFeature(g: GraphBuilder, objectVectors: Value, objectMask: Value, width: number): Value {
  return unitLength(g, linear(g, 'adapter.global', maskedMean(g, objectVectors, objectMask), width));
}

/** (B, N, S) places of 0 and 1, (B, S, D) → (B, N, D) mean of each row's tokens; zeros for a row without any. */
function meanOver(g: GraphBuilder, places: Value, hidden: Value): Value {
  const count = g.one('Max', [reduceSum(g, places, [2]), g.scalar(1)]);
  return div(g, matMul(g, places, hidden), unsqueeze(g, count, [2]));
}
