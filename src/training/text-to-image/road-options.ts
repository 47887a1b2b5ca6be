/** What the road from a base model to a package that reads graphs is told. */
import type { Fusion } from '#engine/stable-diffusion/conditioning-plan.ts';
import type { FinetuneOptions } from './finetune.ts';

export interface RoadOptions extends Omit<FinetuneOptions, 'budget'> {
  /** Folder of the base model in diffusers' ONNX layout. */
  readonly base: string;
  /** Folder of the imported data set. */
  readonly data: string;
  /** ONNX file of CLIP; without one L_recon is the whole loss. */
  readonly clip?: string | undefined;
  /** Folder of the package that comes out, with its scores and report. */
  readonly out: string;
  readonly fusion: Fusion;
  /** Whether fine-tuning starts from the encoder that the GAN aligned. */
  readonly gan: boolean;
  /** Of the whole road, or of the one stage that was asked for. */
  readonly minutes: number;
  /** Of every trial, and of the encoders that they start from. */
  readonly pictures: number;
  /** Test graphs that are scored. */
  readonly samples: number;
  /** ONNX files of networks that published scores are made of, and the names of the detector's classes. */
  readonly inception?: string | undefined;
  readonly lpips?: string | undefined;
  readonly detector?: string | undefined;
  readonly classes?: string | undefined;
  readonly say: (line: string) => void;
}
