/**
 * The graph adapter of a text-to-image model: what of a graph its UNet reads, S_cond. Objects and relations start from the text encoder's
 * encodings of their own words and exchange messages along the edges. What comes of it joins the text in two ways: G_global, their summary
 * in the space of CLIP's image features, as tokens among the text; and, in the `full` fusion, each vector onto the words that it began as,
 * through a gate that starts at zero (Zhang et al. 2023, "zero convolution").
 */
import type { Fusion } from '#engine/stable-diffusion/conditioning-plan.ts';
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, div, mul, scale } from '#onnx/ops/arithmetic.ts';
import { concat, transpose, unsqueeze } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { reduceSum } from '#onnx/ops/reduction.ts';
import { maskedMean, unitLength } from './clip.ts';
import { passMessages } from './graph-encoder.ts';
import { linear, mlp, norm, zeros } from './layers.ts';

export interface GraphAdapterConfig {
  /** H of the message passing. */
  readonly width: number;
  readonly layers: number;
  readonly fusion: Fusion;
  /** C of G_global: that of CLIP's image features, where it is aligned with them. */
  readonly globalWidth: number;
}

export interface GraphAdapterInputs {
  /** (B, S, D) of the text encoder. */
  readonly hidden: Value;
  /** (B, O, S) and (B, T, S): 1 where a token of the text belongs to the object or relation. */
  readonly objectPlaces: Value;
  readonly relationPlaces: Value;
  /** (B, L, S): 1 where a token of S_cond is that token of the text; a row of zeros starts from nothing. */
  readonly textPlaces: Value;
  /** (B, L): 1 where G_global is added. */
  readonly globalPlaces: Value;
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
  /** S and L. */
  readonly tokens: number;
  readonly length: number;
  readonly width: number;
  readonly objects: number;
  readonly relations: number;
}

/** Names of the inputs are the exported model's. */
export function graphAdapterInputs(
  g: GraphBuilder,
  { batch, tokens, length, width, objects, relations }: AdapterSizes,
): GraphAdapterInputs {
  return {
    hidden: g.input('hidden_states', [batch, tokens, width]),
    objectPlaces: g.input('object_places', [batch, objects, tokens]),
    relationPlaces: g.input('relation_places', [batch, relations, tokens]),
    textPlaces: g.input('text_places', [batch, length, tokens]),
    globalPlaces: g.input('global_places', [batch, length]),
    subjects: g.input('subjects', [batch, relations, objects]),
    objects: g.input('objects', [batch, relations, objects]),
    objectMask: g.input('object_mask', [batch, objects]),
    relationMask: g.input('relation_mask', [batch, relations]),
  };
}

/** G_global of the graphs. */
export interface SummedUp {
  /** (B, O, H) and (B, T, H): G_local. */
  readonly objectVectors: Value;
  readonly relationVectors: Value;
  /** (B, C) of unit length. */
  readonly gGlobal: Value;
}

export function summedUp(g: GraphBuilder, config: GraphAdapterConfig, inputs: GraphAdapterInputs): SummedUp {
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
  const means = [maskedMean(g, objectVectors, inputs.objectMask), maskedMean(g, relationVectors, inputs.relationMask)];
  const gGlobal = unitLength(g, linear(g, 'adapter.global', concat(g, means, 1), config.globalWidth));
  return { objectVectors, relationVectors, gGlobal };
}

export interface AdaptedText {
  /** (B, L, D) for the UNet's cross-attention. */
  readonly sCond: Value;
  /** (B, C) of unit length; undefined where labels are all that is told. */
  readonly gGlobal?: Value;
}

/**
 * Deviation of the token that G_global becomes, beside 1 of the text's. Not 0, for then L_recon would not reach the encoder in the first
 * step; small, for a UNet that has not learned to read it should paint what it painted.
 */
const FAINT = 0.1;

export function graphAdapter(g: GraphBuilder, config: GraphAdapterConfig, inputs: GraphAdapterInputs): AdaptedText {
  const { hidden, textPlaces, globalPlaces } = inputs;
  if (config.fusion === 'labels') return { sCond: matMul(g, textPlaces, hidden) };
  const { objectVectors, relationVectors, gGlobal } = summedUp(g, config, inputs);
  const width = hidden.shape.at(-1) as number;
  const back = (name: string, places: Value, vectors: Value): Value => {
    const gate = g.parameter(`${name}.gate`, [width], zeros);
    return mul(g, matMul(g, transpose(g, places, [0, 2, 1]), mlp(g, name, vectors, config.width, width)), gate);
  };
  let text = hidden;
  if (config.fusion === 'full') {
    const fromObjects = back('adapter.fromObjects', inputs.objectPlaces, objectVectors);
    const fromRelations = back('adapter.fromRelations', inputs.relationPlaces, relationVectors);
    text = add(g, hidden, add(g, fromObjects, fromRelations));
  }
  const spread = scale(g, gGlobal, Math.sqrt(config.globalWidth));
  const token = linear(g, 'adapter.fromGlobal', spread, width, { gain: FAINT });
  const places = mul(g, unsqueeze(g, globalPlaces, [2]), unsqueeze(g, token, [1]));
  return { sCond: add(g, matMul(g, textPlaces, text), places), gGlobal };
}

/** (B, N, S) places of 0 and 1, (B, S, D) → (B, N, D) mean of each row's tokens; zeros for a row without any. */
function meanOver(g: GraphBuilder, places: Value, hidden: Value): Value {
  const count = g.one('Max', [reduceSum(g, places, [2]), g.scalar(1)]);
  return div(g, matMul(g, places, hidden), unsqueeze(g, count, [2]));
}
