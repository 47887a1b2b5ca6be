/** What a kind of package brings to the engine: a way from a graph to a picture, and a word on the picture. */
import type { DiffusionNetworks } from '#diffusion/networks.ts';
import type { PaintHooks, Painting, PaintSettings } from '#diffusion/pipeline.ts';
import type { Tensor } from '#diffusion/tensor.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type {
  Machine,
  PaintingAccount,
  Picture,
  Stages,
  TextPrompt,
  Verification,
  WordReading,
} from '#engine/contract/protocol.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

export type PainterSettings = PaintSettings & { readonly size?: GenerationSettings['size'] };

export interface PainterResult extends Painting {
  readonly stages: PaintingStages;
  readonly account?: PaintingAccount;
}

/** The painter's own; the engine adds what it does around them. */
export type PaintingStages = Pick<Stages, 'read' | 'denoise' | 'decode'>;

export interface GraphPainter {
  /** For previews, and for who asks. */
  readonly networks: Pick<DiffusionNetworks, 'decode'> & Pick<Machine, 'precision'>;
  /** @returns the first fault of a graph that this model cannot paint, in a sentence */
  faultOf(graph: SceneGraph): string | undefined;
  /** What the model makes of a word for an object. */
  readWord(word: string): WordReading;
  /** Same graph and settings: same bytes. */
  paint(graph: SceneGraph, settings: PainterSettings, hooks: PaintHooks): Promise<PainterResult>;
  /** Of a model that reads text. */
  paintText?(text: TextPrompt, settings: PainterSettings, hooks: PaintHooks): Promise<PainterResult>;
  /**
   * Of a package that was opened to paint over pictures.
   * @returns (1, C, h, w) the latent of a picture at the size that is painted
   */
  readonly encode?: ((picture: Picture, size: GenerationSettings['size']) => Promise<Tensor>) | undefined;
  /** @returns why the model cannot paint this size, in a sentence */
  faultOfSize(size: NonNullable<GenerationSettings['size']>): string | undefined;
  /** Empty where the package has no verifier. */
  verify(graph: SceneGraph, picture: Picture): Promise<Verification>;
  /**
   * One pass of the denoiser as guidance runs it, on numbers that are the same everywhere. Of a model that is small enough to be open twice.
   * @returns what it predicts
   */
  trial?(): Promise<Float32Array>;
  /** Of a package with a verifier: the graph of a picture whose own was lost. @param picture of the model's size */
  readPicture?(picture: Picture): Promise<SceneGraph>;
  /** The same by another view of the picture; absent where the package has no verifier. */
  verifyAgain?(graph: SceneGraph, picture: Picture): Promise<Verification>;
  release(): Promise<void>;
}
