/**
 * What the inputs and outputs of a picturebook package's networks are called in its .onnx files, by the names they have in the program. The engine
 * feeds by this table and the trainer exports with it.
 */
import type { DenoiserInput, DenoiserOutput, GraphTokens } from '#diffusion/networks.ts';
import type { Tensor } from '#diffusion/tensor.ts';

type Names<Key extends string> = Readonly<Record<Key, string>>;
interface Ports<Input extends string, Output extends string> {
  readonly inputs: Names<Input>;
  readonly outputs: Names<Output>;
}

export const graphEncoderPorts = {
  inputs: {
    objectVectors: 'object_vectors',
    attributeVectors: 'attribute_vectors',
    objectMask: 'object_mask',
    predicates: 'predicates',
    subjects: 'subjects',
    objects: 'objects',
    relationMask: 'relation_mask',
    style: 'style',
  },
  outputs: { sCond: 's_cond', mask: 'mask', gGlobal: 'g_global' },
} as const satisfies Ports<keyof GraphTokens, 'sCond' | 'mask' | 'gGlobal'>;

export const denoiserPorts = {
  inputs: { sample: 'sample', timestep: 'timestep', sCond: 's_cond', mask: 'mask' },
  outputs: { prediction: 'prediction', attention: 'attention' },
} as const satisfies Ports<keyof DenoiserInput, keyof DenoiserOutput>;

export const decoderPorts = { inputs: { latent: 'latent' }, outputs: { image: 'image' } } as const;

export const verifierPorts = {
  inputs: { image: 'image' },
  outputs: { presence: 'presence', depth: 'depth' },
} as const;

/** What is kept under the program's names, under the file's. */
export function byPort<Key extends string, Port extends string, Value>(
  ports: Readonly<Record<Key, Port>>,
  values: Readonly<Record<Key, Value>>,
): Record<Port, Value> {
  const entries = Object.entries<Port>(ports).map(([key, port]) => [port, values[key as Key]]);
  return Object.fromEntries(entries) as Record<Port, Value>;
}

/** A network's outputs under the program's names. @throws Error when the file does not give one of them */
export function readPorts<Key extends string>(
  ports: Names<Key>,
  outputs: Readonly<Record<string, Tensor>>,
): Record<Key, Tensor> {
  const entries = Object.entries<string>(ports).map(([key, port]) => {
    const tensor = outputs[port];
    if (!tensor) throw new Error(`the model gives no output "${port}"; it gives ${Object.keys(outputs).join(', ')}`);
    return [key, tensor];
  });
  return Object.fromEntries(entries) as Record<Key, Tensor>;
}
