/** From sampled scene graphs to the inputs of the text tower and the graph encoder. */

import type { GraphTokens } from '#diffusion/networks.ts';
import { sCondLayout } from '#diffusion/s-cond.ts';
import { buildGraphTokens, type TokenGraph, type TokenSpec } from '#diffusion/tokens.ts';
import { byPort, graphEncoderPorts } from '#engine/package/network-ports.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { SceneGraphSample } from '#training/corpus/world/scene.ts';
import type { ClipTextInputs } from '#training/networks/clip.ts';
import { type GraphInputs, graphInputs } from '#training/networks/graph-encoder.ts';
import type { StageContext } from '#training/run/context.ts';
import type { Feeds } from '#training/trainer/training-step.ts';

/** Room for the corpus's largest sampled graph (8 objects, 12 relations). */
export const PADDED = { objects: 8, relations: 12 } as const;
/** Where the tokens of a padded training graph stand in S_cond. */
export const TRAINING_LAYOUT = sCondLayout(PADDED);

/** Share of training pictures whose style is given as "any", so that a user need not choose. */
const ANY_STYLE_SHARE = 0.15;

/** @param chance draws in [0, 1) for hiding the style; absent: the style is always told. */
export function tokensOf(
  context: { readonly tokenSpec: TokenSpec },
  samples: readonly SceneGraphSample[],
  chance?: () => number,
): GraphTokens {
  const graphs: TokenGraph[] = samples.map((sample) =>
    chance && chance() < ANY_STYLE_SHARE ? { ...sample, style: 'any' } : sample,
  );
  return buildGraphTokens(graphs, context.tokenSpec, PADDED);
}

export function textInputs(g: GraphBuilder, context: StageContext, batch: number): ClipTextInputs {
  const { objects, relations } = PADDED;
  const { width } = context.tokenSpec.embedding;
  return {
    objectVectors: g.input('text.objects', [batch, objects, width]),
    attributeVectors: g.input('text.attributes', [batch, objects, width]),
    objectMask: g.input('text.objectMask', [batch, objects]),
    predicateOneHot: g.input('text.predicates', [batch, relations, context.world.predicates.length]),
    relationMask: g.input('text.relationMask', [batch, relations]),
    styleOneHot: g.input('text.style', [batch, context.world.styles.length + 1]),
  };
}

export function textFeeds(context: StageContext, samples: readonly SceneGraphSample[]): Feeds {
  const tokens = tokensOf(context, samples);
  return {
    'text.objects': tokens.objectVectors.data,
    'text.attributes': tokens.attributeVectors.data,
    'text.objectMask': tokens.objectMask.data,
    'text.predicates': oneHot(tokens.predicates.data, context.world.predicates.length),
    'text.relationMask': tokens.relationMask.data,
    'text.style': oneHot(tokens.style.data, context.world.styles.length + 1),
  };
}

export function trainingGraphInputs(g: GraphBuilder, context: StageContext, batch: number): GraphInputs {
  return graphInputs(g, context.tokenSpec.embedding.width, batch, PADDED.objects, PADDED.relations);
}

/** @param chance draws in [0, 1) for hiding the style; absent: the style is always told. */
export function graphFeeds(context: StageContext, samples: readonly SceneGraphSample[], chance?: () => number): Feeds {
  const tokens = tokensOf(context, samples, chance);
  const named = Object.entries(byPort(graphEncoderPorts.inputs, tokens));
  return Object.fromEntries(named.map(([name, { data }]) => [name, data]));
}

function oneHot(indices: Int32Array, count: number): Float32Array {
  const rows = new Float32Array(indices.length * count);
  indices.forEach((index, row) => {
    rows[row * count + index] = 1;
  });
  return rows;
}
