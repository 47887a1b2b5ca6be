/** Whether the networks of a package take what they must, and fit each other, as their .onnx files declare it. */
import { EngineError } from '#engine/contract/engine-error.ts';
import type { OnnxHeader } from '#engine/runtime/onnx-header.ts';
import type { Port } from '#engine/runtime/sessions.ts';

export interface Headers {
  readonly textEncoder: OnnxHeader;
  readonly unet: OnnxHeader;
  readonly vaeDecoder: OnnxHeader;
  /** Of a package that is to paint over pictures. */
  readonly vaeEncoder: OnnxHeader;
}

interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

export const TEXT_ENCODER = 'text_encoder/model.onnx';
export const UNET = 'unet/model.onnx';
export const VAE_DECODER = 'vae_decoder/model.onnx';
export const VAE_ENCODER = 'vae_encoder/model.onnx';

/** Inputs that a file must have, those that it may have, and the outputs of which one is read. */
export interface Signature {
  readonly inputs: readonly string[];
  readonly optional?: readonly string[];
  readonly outputs: readonly string[];
}

export const textEncoderSignature: Signature = { inputs: ['input_ids'], outputs: ['last_hidden_state'] };
export const unetSignature: Signature = {
  inputs: ['sample', 'timestep', 'encoder_hidden_states'],
  // A latent consistency model's guidance scale (Luo et al. 2023, section 4.2).
  optional: ['timestep_cond'],
  outputs: ['out_sample'],
};
export const vaeDecoderSignature: Signature = { inputs: ['latent_sample'], outputs: ['sample'] };
/** Optimum exports mean and logarithm of variance, one after another; diffusers' script of 2023 a latent. */
export const LATENT_PARAMETERS = 'latent_parameters';
export const LATENT_SAMPLE = 'latent_sample';
export const vaeEncoderSignature: Signature = { inputs: ['sample'], outputs: [LATENT_PARAMETERS, LATENT_SAMPLE] };

/** @throws EngineError model-unsupported with what the file takes and what is needed */
export function checkPorts({ inputs, outputs }: Ports, file: string, signature: Signature): void {
  const names = (ports: readonly Port[]) => ports.map(({ name }) => name).join(', ');
  const taken = [...signature.inputs, ...(signature.optional ?? [])];
  const isComplete = signature.inputs.every((wanted) => inputs.some(({ name }) => name === wanted));
  const isKnown = inputs.every(({ name }) => taken.includes(name));
  if (isComplete && isKnown && outputs.some(({ name }) => signature.outputs.includes(name))) return;
  const why = inputs.some(({ name }) => name === 'text_embeds' || name === 'time_ids')
    ? ' That is Stable Diffusion XL, which this program does not paint with.'
    : '';
  throw new EngineError(
    'model-unsupported',
    `${file} turns ${names(inputs)} into ${names(outputs)}; ${signature.inputs.join(', ')} into ${signature.outputs.join(' or ')} is needed.${why}`,
  );
}

/**
 * @param headers of the files that are known so far
 * @throws EngineError model-unsupported for other inputs or outputs, model-damaged for files that contradict each other, both with what each takes
 */
export function checkFit({ textEncoder, unet, vaeDecoder, vaeEncoder }: Partial<Headers>): void {
  if (textEncoder) checkPorts(textEncoder, TEXT_ENCODER, textEncoderSignature);
  if (unet) checkPorts(unet, UNET, unetSignature);
  if (vaeDecoder) checkPorts(vaeDecoder, VAE_DECODER, vaeDecoderSignature);
  if (vaeEncoder) checkPorts(vaeEncoder, VAE_ENCODER, vaeEncoderSignature);
  if (textEncoder && unet) checkText(textEncoder, unet);
  if (unet && vaeDecoder) checkLatents(unet, vaeDecoder);
}

function checkText(textEncoder: OnnxHeader, unet: OnnxHeader): void {
  const [, length, width] = fixedDims(unet.inputs, 'encoder_hidden_states');
  const [, , given] = fixedDims(textEncoder.outputs, 'last_hidden_state');
  if (disagree(given, width)) {
    throw mismatch(
      `${TEXT_ENCODER} gives ${given} numbers a token, ${UNET} reads ${width}: they are of different models`,
    );
  }
  const [, tokens] = fixedDims(textEncoder.inputs, 'input_ids');
  if (disagree(tokens, length)) throw mismatch(`${TEXT_ENCODER} reads ${tokens} tokens, ${UNET} ${length}`);
}

function checkLatents(unet: OnnxHeader, vaeDecoder: OnnxHeader): void {
  const [, ...latent] = fixedDims(unet.inputs, 'sample');
  const [, ...decoded] = fixedDims(vaeDecoder.inputs, 'latent_sample');
  if (!latent.some((size, axis) => disagree(size, decoded[axis]))) return;
  const text = (dims: readonly (number | undefined)[]) => `(${dims.map((size) => size ?? 'any').join(', ')})`;
  throw mismatch(
    `${UNET} takes latents of ${text(latent)}, ${VAE_DECODER} of ${text(decoded)}: export both for one size, or for any`,
  );
}

const disagree = (a: number | undefined, b: number | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b;

const mismatch = (reason: string): EngineError => new EngineError('model-damaged', `${reason}.`);

/** Sizes that a port has for good; undefined for those that may vary, for which exporters write 0, −1 or a name. */
export function fixedDims(ports: readonly Port[], name: string): (number | undefined)[] {
  const port = ports.find((each) => each.name === name);
  return port?.shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : undefined)) ?? [];
}
