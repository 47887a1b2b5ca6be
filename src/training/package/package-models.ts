/** The four models of a package, as .onnx bytes with averaged weights baked in. Batch, object and relation counts stay open. */

import { sCondLayout } from '#diffusion/s-cond.ts';
import {
  byPort,
  decoderPorts,
  denoiserPorts,
  graphEncoderPorts,
  verifierPorts,
} from '#engine/package/network-ports.ts';
import { writeOnnx } from '#onnx/file/onnx-file.ts';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, clip, scale } from '#onnx/ops/arithmetic.ts';
import { reshape } from '#onnx/ops/layout.ts';
import { averagePool } from '#onnx/ops/pooling.ts';
import type { LatentStatistics } from '#training/networks/autoencoder.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { clipImageTower } from '#training/networks/clip.ts';
import { decoder } from '#training/networks/decoder/decoder.ts';
import { denoiser, denoiserInputs } from '#training/networks/denoiser.ts';
import { encodeGraph, type Fusion, fuse, graphInputs } from '#training/networks/graph-encoder.ts';
import { presenceOf, verifier } from '#training/networks/verifier.ts';
import type { StageContext } from '#training/run/context.ts';
import { decoderConfig, denoiserConfig, graphEncoderConfig } from '#training/run/model-config.ts';

type Weights = ReadonlyMap<string, Float32Array>;

/** Sizes to build with; none of them is fixed in the file. All different, so that no reshape mistakes one for another. */
const BUILT = { batch: 2, objects: 5, relations: 7 } as const;
const { tokens } = sCondLayout(BUILT);

/** Names of the leading axes, which stay open. */
const axes = (...names: string[]): Record<number, string> => ({ ...names });

const batchOf = (...names: string[]) => Object.fromEntries(names.map((name) => [name, axes('batch')]));

/** Of networks that are run once for a picture, weights in 255 steps change what comes out by 0.5 to 1.5 % (root mean square): 6 MB less. */
const inBytes = (half: boolean) => (name: string) => half && name.endsWith('.weight');

/** @param half store weights in half precision, and where that is enough in bytes. */
export function graphEncoderModel(context: StageContext, weights: Weights, half: boolean, fusion?: Fusion): Uint8Array {
  const { config, tokenSpec } = context;
  const g = new GraphBuilder();
  const inputs = graphInputs(g, tokenSpec.embedding.width, BUILT.batch, BUILT.objects, BUILT.relations);
  const encoder = graphEncoderConfig(context, fusion);
  const encoded = encodeGraph(g, encoder, config.clip, inputs);
  const { sCond, mask } = fuse(g, encoder, config.clip, inputs, encoded);
  const ports = graphEncoderPorts;
  g.output(ports.outputs.sCond, sCond);
  g.output(ports.outputs.mask, mask);
  g.output(ports.outputs.gGlobal, encoded.gGlobal);
  return writeOnnx(g, {
    parameters: weights,
    half,
    bytes: inBytes(half),
    dynamic: {
      ...byPort(ports.inputs, {
        objectVectors: axes('batch', 'objects'),
        attributeVectors: axes('batch', 'objects'),
        objectMask: axes('batch', 'objects'),
        predicates: axes('batch', 'relations'),
        subjects: axes('batch', 'relations', 'objects'),
        objects: axes('batch', 'relations', 'objects'),
        relationMask: axes('batch', 'relations'),
        style: axes('batch'),
      }),
      ...byPort(ports.outputs, {
        sCond: axes('batch', 'tokens'),
        mask: axes('batch', 'tokens'),
        gGlobal: axes('batch'),
      }),
    },
  });
}

export function denoiserModel(
  context: StageContext,
  weights: Weights,
  statistics: LatentStatistics,
  half: boolean,
): Uint8Array {
  const g = new GraphBuilder();
  const config = denoiserConfig(context, statistics);
  const { prediction, attention } = denoiser(g, config, denoiserInputs(g, config, BUILT.batch, tokens));
  const { inputs, outputs } = denoiserPorts;
  g.output(outputs.prediction, prediction);
  g.output(outputs.attention, attention);
  return writeOnnx(g, {
    parameters: weights,
    half,
    dynamic: {
      ...batchOf(inputs.sample, inputs.timestep, outputs.prediction),
      [inputs.sCond]: axes('batch', 'tokens'),
      [inputs.mask]: axes('batch', 'tokens'),
      [outputs.attention]: axes('batch', 'tokens'),
    },
  });
}

/** Takes standardised latents: the statistics of the training set are part of the model. */
export function decoderModel(
  context: StageContext,
  weights: Weights,
  statistics: LatentStatistics,
  half: boolean,
): Uint8Array {
  const { config } = context;
  const g = new GraphBuilder();
  const channels = LATENT_CHANNELS;
  const latent = g.input(decoderPorts.inputs.latent, [BUILT.batch, channels, LATENT_SIDE, LATENT_SIDE]);
  const perChannel = (numbers: readonly number[]): Value =>
    reshape(g, g.constant({ type: 'float32', shape: [channels], data: Float32Array.from(numbers) }), [
      1,
      channels,
      1,
      1,
    ]);
  const raw = add(g, scale(g, latent, statistics.scale), perChannel(statistics.mean));
  g.output(decoderPorts.outputs.image, clip(g, decoder(g, decoderConfig(config), raw), -1, 1));
  // Textures are colours: a byte each is as fine as the picture's own, and 7 MB less.
  const bytes = (name: string) => half && name.endsWith('extures');
  return writeOnnx(g, {
    parameters: weights,
    half,
    bytes,
    dynamic: batchOf(decoderPorts.inputs.latent, decoderPorts.outputs.image),
  });
}

/** The picture at half its size, as means of 2 × 2 pixels: what CLIP and the verifier were trained on. */
function seenPicture(g: GraphBuilder, { config }: StageContext): Value {
  const image = g.input(verifierPorts.inputs.image, [BUILT.batch, 3, config.imageSize, config.imageSize]);
  return averagePool(g, image, 2);
}

export function verifierModel(context: StageContext, weights: Weights, half: boolean): Uint8Array {
  const { config, world } = context;
  const g = new GraphBuilder();
  const seen = verifier(g, config.verifier, seenPicture(g, context));
  const { inputs, outputs } = verifierPorts;
  g.output(outputs.presence, presenceOf(g, seen, world.objects));
  g.output(outputs.depth, seen.depth);
  return writeOnnx(g, {
    parameters: weights,
    half,
    bytes: inBytes(half),
    dynamic: batchOf(inputs.image, outputs.presence, outputs.depth),
  });
}

/** CLIP's image tower, for metrics. */
export function clipImageModel(context: StageContext, weights: Weights, half: boolean): Uint8Array {
  const g = new GraphBuilder();
  g.output('feature', clipImageTower(g, context.config.clip, seenPicture(g, context)));
  return writeOnnx(g, { parameters: weights, half, bytes: inBytes(half), dynamic: batchOf('image', 'feature') });
}
