/** The wire format between the page and the engine's worker: one typed union each way, imported by both ends. */
import type { AttentionMaps } from '#diffusion/attention.ts';
import type { Picture } from '#diffusion/picture.ts';
import type { Box } from '#graph/places/geometry.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { EngineFault } from './engine-error.ts';
import type { GenerationSettings } from './generation-settings.ts';
import type { ModelFacts } from './manifest.ts';
import type { ModelPlace } from './model-place.ts';
import type { ModelSurvey } from './model-survey.ts';

/** From here for the screen, which may not look into diffusion/. */
export type { Picture };
export type Backend = 'webgpu' | 'wasm' | 'node-cpu';

/** Milliseconds that one pass of the denoiser took on both backends when the graphics device met the model. */
export interface Trial {
  /** Absent where it failed. */
  readonly webgpu?: number | undefined;
  readonly processor: number;
  /** Why WebGPU is not to be used, in a sentence. */
  readonly fault?: string | undefined;
}

/** What a model runs on. */
export interface Machine {
  readonly backend: Backend;
  /** The graphics device, as the browser names it: "nvidia ampere". Of WebGPU alone. */
  readonly adapter?: string | undefined;
  /** That compute together, of a processor; absent where nobody chose their number. */
  readonly threads?: number | undefined;
  /** Of the denoiser's arithmetic. */
  readonly precision?: 'single' | 'half' | undefined;
  readonly trial?: Trial | undefined;
}

/** What the user should know of the machine. */
export interface Notice {
  readonly text: string;
  /** Whether the next visit would say the same, as that there is no WebGPU; otherwise something has happened. */
  readonly isLasting: boolean;
}

/** Milliseconds that the parts of a picture took. */
export interface Stages {
  /** The graph or the words. */
  readonly read: number;
  /** All passes of the denoiser, without what the sampler computes between them. */
  readonly denoise: number;
  readonly decode: number;
  readonly preview: number;
  readonly verify: number;
}

/** Words of the user's own, for a model that reads text. */
export interface TextPrompt {
  readonly prompt: string;
  /** What guidance leads away from; nothing when absent. */
  readonly negative?: string | undefined;
}

/** What a model that reads text was told. */
export interface PaintingAccount {
  /** A graph may take more than one. */
  readonly prompts: readonly string[];
  readonly negative: string;
  /** Of each prompt, with start, end and padding. */
  readonly tokenIds: readonly (readonly number[])[];
  readonly negativeTokenIds: readonly number[];
  /** Tokens that were beyond what one prompt holds and were left out. */
  readonly tokensCut: number;
  /** steps + 1 */
  readonly sigmas: readonly number[];
  /** What the network was told, call by call. */
  readonly timesteps: readonly number[];
}

/**
 * "Keep the rest" on the screen: an earlier picture is painted anew only where a change of its graph reaches. Everything that this takes from
 * the earlier picture is in here, so the same graph, settings, backend and inpainting still give the same bytes.
 */
export interface Inpainting {
  /** (C·h·w) the earlier picture's final latent. */
  readonly latent: Float32Array<ArrayBuffer>;
  /** 0–1, the share of the steps that are run: 1 paints the region from pure noise, 0 changes nothing. */
  readonly strength: number;
  /** (h·w) each: the attention maps in the earlier picture of the changed objects, the ends of changed edges among them. */
  readonly before: readonly Float32Array[];
  /** Ids of the changed objects in the graph that is painted. */
  readonly objects: readonly string[];
  /** Whether ground, style and hour stay, though painted cells could choose others: of edges that were turned, and of nothing else. */
  readonly keepsWhole?: boolean | undefined;
  /** (h·w) 1 where the earlier picture stays from the first step on, for what is there was lost without it. */
  readonly fixed?: Float32Array | undefined;
  /** Painted from the noise of the seed that is so much further: 0 when absent. */
  readonly further?: number | undefined;
}

/** An order that is painted again, a few times at most, while it loses something. What comes of it says by which inpainting it came. */
export interface KeepRest extends Inpainting {
  /** (h·w) each, by id: the attention maps in the earlier picture of the other objects that were found in it. */
  readonly others?: Readonly<Record<string, Float32Array>> | undefined;
}

/** "Paint over with…" on the screen: a picture is noised and denoised again by another model (SDEdit, Meng et al. 2022). */
export interface Overpainting {
  /** Of any size; it is scaled to the one that is painted. */
  readonly picture: Picture;
  /** Above 0 and at most 1: the share of the steps that are run, rounded down to whole steps as diffusers' image-to-image pipelines do. */
  readonly strength: number;
}

export type Verdict = 'found' | 'missing' | 'unsure';

/** Where the verifier saw an object. */
export interface Sighting {
  /** In [0, 1] of the picture; y points down. */
  readonly box: Box;
  /** How sure it is, in [0, 1]. */
  readonly score: number;
}

/** What the verifier says of a picture, per node and edge id. */
export interface Verification {
  readonly objects: Readonly<Record<string, Verdict>>;
  readonly relations: Readonly<Record<string, Verdict>>;
  /** Of the objects that were found. Pictures of earlier versions came without. */
  readonly sightings?: Readonly<Record<string, Sighting>> | undefined;
}

export interface GenerationResult {
  readonly picture: Picture;
  readonly attention: AttentionMaps;
  readonly verification: Verification;
  /** (C·h·w) what the decoder made the picture of; inpainting starts from it. */
  readonly latent: Float32Array<ArrayBuffer>;
  /** What it kept of an earlier picture: with the same graph and settings this alone makes it again. */
  readonly keep?: Inpainting | undefined;
  readonly backend: Backend;
  readonly milliseconds: number;
  /** Pictures of earlier versions came without them. */
  readonly stages?: Stages | undefined;
  /** Of a model that reads text. */
  readonly account?: PaintingAccount | undefined;
}

/** A downloaded model on this computer, whole or in part. */
export interface StoredModel {
  /** Its folder's name in the store. */
  readonly folder: string;
  /** As the user named it: an address, or OWNER/NAME. */
  readonly title: string;
  readonly bytes: number;
  /** Milliseconds since 1970; undefined when it was not noted. */
  readonly usedAt: number | undefined;
}

/** What the model makes of a word for an object. */
export type WordReading =
  | {
      readonly word: string;
      /** A word of its vocabulary, an everyday word for one, or a word whose vector lies nearest to that label's. */
      readonly by: 'label' | 'alias' | 'meaning';
      readonly label: string;
    }
  /** A model that reads text takes every word as it stands; another one may have no vector for it. */
  | { readonly word: string; readonly by: 'text' | 'unknown' };

export type BackendWish = 'webgpu' | 'wasm' | 'auto';

/** `id` of what no request asked for; requests are numbered from 1. */
export const ON_ITS_OWN = 0;

export type EngineRequest =
  | {
      readonly type: 'load';
      readonly id: number;
      readonly place: ModelPlace;
      readonly prefer: BackendWish;
      /** Beside the model in use, to paint over pictures. */
      readonly over?: boolean;
      /** Milliseconds without a byte after which a server is given up; the usual ones when absent. */
      readonly stallMs?: number | undefined;
    }
  | {
      readonly type: 'generate';
      readonly id: number;
      readonly graph: SceneGraph;
      readonly settings: GenerationSettings;
      readonly inpainting?: KeepRest;
    }
  /** By the model that was loaded for it; answered as `generate` is. */
  | {
      readonly type: 'paint-over';
      readonly id: number;
      readonly graph: SceneGraph;
      readonly settings: GenerationSettings;
      readonly over: Overpainting;
    }
  /** Another look at a picture of the model in use; answered by `verified`. */
  | { readonly type: 'verify-again'; readonly id: number; readonly graph: SceneGraph; readonly picture: Picture }
  /** What the package at a place takes, and what stands in its way here; answered by `surveyed`. */
  | {
      readonly type: 'survey';
      readonly id: number;
      readonly place: ModelPlace;
      readonly prefer: BackendWish;
      readonly over?: boolean;
    }
  /** What the verifier sees in a picture of the model's size; answered by `picture-read`. */
  | { readonly type: 'read-picture'; readonly id: number; readonly picture: Picture }
  /** Answered at once by `words-read`, also while a picture is painted. */
  | { readonly type: 'read-words'; readonly id: number; readonly words: readonly string[] }
  /** The loaded package's drawings of its labels; answered by `sprites-read`, also while a picture is painted. */
  | { readonly type: 'read-sprites'; readonly id: number }
  /** What downloads keep on this computer; answered at once by `models-listed`. */
  | { readonly type: 'list-models'; readonly id: number }
  /** Answered by `models-listed`, without it. */
  | { readonly type: 'delete-model'; readonly id: number; readonly folder: string }
  /** `id` of the request that is no longer wanted, waiting or running. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Answered at once by `alive`, so that the page can tell a sleeping worker from a dead one. */
  | { readonly type: 'ping'; readonly id: number };

export type EngineEvent =
  | {
      readonly type: 'download';
      readonly id: number;
      readonly file: string;
      readonly loaded: number;
      readonly total: number;
    }
  | { readonly type: 'surveyed'; readonly id: number; readonly survey: ModelSurvey }
  | {
      readonly type: 'loaded';
      readonly id: number;
      readonly manifest: ModelFacts;
      readonly machine: Machine;
      readonly notices: readonly Notice[];
    }
  | {
      readonly type: 'step';
      readonly id: number;
      readonly step: number;
      readonly steps: number;
      readonly preview?: Picture;
    }
  | { readonly type: 'generated'; readonly id: number; readonly result: GenerationResult }
  | { readonly type: 'verified'; readonly id: number; readonly verification: Verification }
  /** The backend failed in the middle of a picture, which is painted again on this one. */
  | { readonly type: 'machine'; readonly id: number; readonly machine: Machine; readonly notice: string }
  | { readonly type: 'picture-read'; readonly id: number; readonly graph: SceneGraph }
  | { readonly type: 'words-read'; readonly id: number; readonly readings: readonly WordReading[] }
  /** Without a PNG when the package has no drawings. */
  | { readonly type: 'sprites-read'; readonly id: number; readonly png?: Uint8Array<ArrayBuffer> }
  | { readonly type: 'models-listed'; readonly id: number; readonly models: readonly StoredModel[] }
  | { readonly type: 'cancelled'; readonly id: number }
  /** To a ping; and ON_ITS_OWN, when the worker holds its lock (client/start-worker.ts). */
  | { readonly type: 'alive'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly fault: EngineFault };
