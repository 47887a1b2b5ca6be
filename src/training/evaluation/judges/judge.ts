/** Who says what is in a picture. The evaluation knows no detector by name; the model's own verifier is the default. */
import type { Picture } from '#diffusion/picture.ts';
import type { Holds, Scored } from '#engine/verifier/bind-detections.ts';
import type { Detection } from '#engine/verifier/detect.ts';
import { remove } from '#graph/edits.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { Box } from '#training/corpus/world/scene.ts';

export interface Detected extends Scored {
  readonly box: Box;
}

/** What a judge says of one picture. */
export interface Judgement<Detection extends Detected> {
  readonly detections: readonly Detection[];
  /** Probability that each label of the judge is present, in its own order, for the Inception score; empty where it has no such opinion. */
  readonly presence: ArrayLike<number>;
}

/** What a judge can be asked. */
export interface JudgeWords {
  /** Its word for a label; undefined for what it cannot see. */
  readonly word: (label: string) => string | undefined;
  /** Whether it can say of two things that it sees if the predicate holds. */
  readonly decides: (predicate: string) => boolean;
}

export interface Judge<Detection extends Detected> extends JudgeWords {
  readonly name: string;
  /** Why it has nothing to say. */
  readonly reason?: string;
  /** One judgement per picture. */
  look(pictures: readonly Picture[]): Promise<readonly Judgement<Detection>[]>;
  readonly holds: Holds<Detection>;
}

/** Of a judge that was taught the model's own words. */
export const everyWord: JudgeWords = { word: (label) => label, decides: () => true };

/** In the place of a judge where there is none: it sees nothing and can be asked nothing, so there is nothing to count. */
export const noJudge: Judge<Detection> = {
  name: 'nobody',
  reason: 'the model has no verifier; --detector FILE gives it a judge (a YOLO detector as ONNX)',
  word: () => undefined,
  decides: () => false,
  look: async (pictures) => pictures.map(() => ({ detections: [], presence: [] })),
  holds: () => false,
};

/** The graph in the judge's words, without the objects and the relations that it can say nothing of. */
export function asJudged(graph: SceneGraph, { word, decides }: JudgeWords): SceneGraph {
  const unseen = graph.objects.filter(({ label }) => word(label) === undefined).map(({ id }) => id);
  const undecided = graph.relations.filter(({ predicate }) => !decides(predicate)).map(({ id }) => id);
  const rest = remove(graph, { objects: unseen, relations: undecided });
  return { ...rest, objects: rest.objects.map((object) => ({ ...object, label: word(object.label)! })) };
}
