/** What a model makes of a word: its own label, the label an everyday word stands for, or the place of the word's vector. */
import type { WordEmbedding } from '#diffusion/tokens.ts';
import type { WordReading } from '#engine/contract/protocol.ts';
import type { ModelPackage } from '#engine/package/package-loader.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { labelOfAlias } from '#graph/words/aliases.ts';
import { WordVectors } from './word-vectors.ts';

export class LabelEmbedding implements WordEmbedding {
  readonly width: number;
  readonly #vectors: WordVectors;
  readonly #labels: readonly string[];

  /** @param labels the model's object vocabulary */
  constructor(vectors: WordVectors, labels: readonly string[]) {
    this.width = vectors.width;
    this.#vectors = vectors;
    this.#labels = labels;
  }

  /** (W) unit length; an alias has the vector of its label. */
  vector(label: string): Float32Array | undefined {
    return this.#vectors.vector(this.#known(label));
  }

  read(word: string): WordReading {
    if (this.#labels.includes(word)) return { word, by: 'label', label: word };
    const label = labelOfAlias(word, this.#labels);
    if (label !== undefined) return { word, by: 'alias', label };
    const [nearest] = this.#vectors.nearest(word, this.#labels, 1);
    return nearest ? { word, by: 'meaning', label: nearest.label } : { word, by: 'unknown' };
  }

  /** The same graph in the model's own labels where everyday words stand for them. */
  translate(graph: SceneGraph): SceneGraph {
    return { ...graph, objects: graph.objects.map((object) => ({ ...object, label: this.#known(object.label) })) };
  }

  #known(word: string): string {
    return labelOfAlias(word, this.#labels) ?? word;
  }
}

/** @throws SafetensorsError when the word vectors are damaged */
export const labelEmbeddingOf = ({ manifest, files }: Pick<ModelPackage, 'manifest' | 'files'>): LabelEmbedding =>
  new LabelEmbedding(new WordVectors(files['word-vectors.safetensors']), manifest.vocabulary.objects);
