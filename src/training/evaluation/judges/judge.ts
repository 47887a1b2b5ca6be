/** Who says what is in a picture. The evaluation knows no detector by name; the model's own verifier is the default. */
import type { Picture } from '#diffusion/picture.ts';
import type { Holds, Scored } from '#engine/verifier/bind-detections.ts';
import type { Box } from '#training/corpus/world/scene.ts';

export interface Detected extends Scored {
  readonly box: Box;
}

/** What a judge says of one picture. */
export interface Judgement<Detection extends Detected> {
  readonly detections: readonly Detection[];
  /** Probability that each label of the judge is present, in its own order; for the Inception score. */
  readonly presence: ArrayLike<number>;
}

export interface Judge<Detection extends Detected> {
  readonly name: string;
  /** One judgement per picture. */
  look(pictures: readonly Picture[]): Promise<readonly Judgement<Detection>[]>;
  readonly holds: Holds<Detection>;
}
