/** Before anything is fetched: what a model takes, what this computer has, and what stands between the two. */
import { sizeText } from './size-text.ts';

/** As the hub, the server and those files say it that are small enough to be read first. */
export interface ModelNeeds {
  readonly bytes: number;
  /** Of these, what is on this computer already. */
  readonly kept: number;
  /** Weights of 16 bits. */
  readonly halfPrecision: boolean;
  /** Bytes of the weight that takes most, which a device holds in one buffer; 0 where the files do not say before they are here. */
  readonly largestWeight: number;
  readonly largestFile: { readonly path: string; readonly bytes: number };
  /** "com.microsoft.NhwcConv", by the file that has them. */
  readonly foreignOperators: readonly { readonly file: string; readonly names: readonly string[] }[];
}

export interface DeviceFacts {
  /** Without WebGPU, why: the end of a sentence. */
  readonly webgpu:
    | { readonly halfPrecision: boolean; readonly largestBuffer: number }
    | { readonly halfPrecision?: never; readonly missing: string };
  /** Of the browser's storage; undefined where it does not say. */
  readonly freeBytes: number | undefined;
  /** Of the computer, as far as the browser tells; undefined where it does not. */
  readonly memoryBytes: number | undefined;
}

export interface Obstacle {
  /** What is missing, and what would do instead. */
  readonly message: string;
  /** The model cannot run here; otherwise it runs, but slowly or perhaps. */
  readonly isFinal: boolean;
}

export interface ModelSurvey extends Pick<ModelNeeds, 'bytes' | 'kept'> {
  readonly obstacles: readonly Obstacle[];
}

/** WebAssembly addresses 4 GiB; the code, the activations and the copy of one file's graph take their share of it. */
const WASM_ROOM = 3_500_000_000;
/** ONNX Runtime's web build counts the place of a weight in its file in 32 bits. */
const MOST_IN_FILE = 2 ** 32;

/** Made for CUDA and DirectML: ONNX Runtime's web build has no kernel for them on any backend (its own list, webgpu-operators.md of 1.30). */
const nowhere = ['NhwcConv', 'GroupNorm', 'SkipGroupNorm', 'PackedAttention', 'PackedMultiHeadAttention'];
/** It has these for WebGPU alone. */
const onWebgpu = ['BiasAdd', 'BiasSplitGelu'];

const SMALLER = 'a smaller model, such as Tiny-SD';
const BROWSER = 'open the page in a browser that has WebGPU (an up-to-date Chrome, Edge or Safari)';

/** Final ones first. */
export function obstaclesOf(needs: ModelNeeds, device: DeviceFacts): readonly Obstacle[] {
  const found = [
    ...fusedFor(needs, nowhere, 'a browser cannot run'),
    ...storageFault(needs, device),
    ...fileFault(needs),
    ...backendFaults(needs, device),
    ...memoryFault(needs, device),
  ];
  return found.sort((a, b) => Number(b.isFinal) - Number(a.isFinal));
}

function fusedFor({ foreignOperators }: ModelNeeds, lacking: readonly string[], whom: string): Obstacle[] {
  return foreignOperators.flatMap(({ file, names }) => {
    const refused = names.filter((name) => lacking.some((each) => name === `com.microsoft.${each}`));
    if (refused.length === 0) return [];
    const message = `${file} was fused for another device: it has ${refused.join(', ')}, which ${whom}. Take an export that is not fused.`;
    return [{ message, isFinal: true }];
  });
}

function storageFault({ bytes, kept }: ModelNeeds, { freeBytes }: DeviceFacts): Obstacle[] {
  const wanted = bytes - kept;
  if (freeBytes === undefined || wanted <= freeBytes) return [];
  const message = `The browser has room for ${sizeText(freeBytes)} more, the download takes ${sizeText(wanted)}. Free some space on the disk, or open the model from a folder, where it is read without a copy.`;
  return [{ message, isFinal: true }];
}

function fileFault({ largestFile: { path, bytes } }: ModelNeeds): Obstacle[] {
  if (bytes <= MOST_IN_FILE) return [];
  const message = `${path} has ${sizeText(bytes)}; a browser reads weights from files of at most 4.3 GB. Take an export in half precision (fp16), or paint with it by npm run generate.`;
  return [{ message, isFinal: true }];
}

/** A model of fewer bytes is none that takes the processor long. */
const LARGE = 300_000_000;

/** Where WebGPU cannot take the model WebAssembly computes it, if it fits. */
function backendFaults(needs: ModelNeeds, { webgpu }: DeviceFacts): Obstacle[] {
  const reason = whyNotWebgpu(needs, webgpu);
  if (reason === undefined) return [];
  const held = needs.bytes * (needs.halfPrecision ? 2 : 1);
  const instead = 'missing' in webgpu ? `Take ${SMALLER}, or ${BROWSER}` : `Take ${SMALLER}`;
  if (held > WASM_ROOM) {
    const widened = needs.halfPrecision ? ', where half precision is widened' : '';
    const message = `It cannot run here: ${reason}, and WebAssembly, which is left, holds at most 4 GB; the model takes ${sizeText(held)} of it${widened}. ${instead}.`;
    return [{ message, isFinal: true }];
  }
  const fused = fusedFor(needs, onWebgpu, 'runs on WebGPU alone, and not here');
  if (fused.length > 0) return fused;
  if (needs.bytes < LARGE) return [];
  const message = `The processor will paint, for ${reason}: a picture of 512 × 512 takes it many minutes. ${instead} where that is too long.`;
  return [{ message, isFinal: false }];
}

function whyNotWebgpu({ halfPrecision, largestWeight }: ModelNeeds, webgpu: DeviceFacts['webgpu']): string | undefined {
  if ('missing' in webgpu) return webgpu.missing;
  if (halfPrecision && !webgpu.halfPrecision) {
    return 'the model is in half precision, which the graphics device does not compute (it has no shader-f16)';
  }
  if (largestWeight <= webgpu.largestBuffer) return undefined;
  return `one weight takes ${sizeText(largestWeight)}, and the graphics device has buffers of at most ${sizeText(webgpu.largestBuffer)}`;
}

function memoryFault({ bytes }: ModelNeeds, { memoryBytes }: DeviceFacts): Obstacle[] {
  if (memoryBytes === undefined || bytes <= memoryBytes / 2) return [];
  const message = `The model takes ${sizeText(bytes)} of memory, and more while it paints; the browser says that this computer has about ${sizeText(memoryBytes)}. Close other tabs and programs, or take a smaller model.`;
  return [{ message, isFinal: false }];
}
