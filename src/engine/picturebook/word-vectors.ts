/** What words mean, as numbers: a table of int8 vectors, so that a label outside the vocabulary lands near its neighbours. */
import type { WordEmbedding } from '#diffusion/tokens.ts';
import { readSafetensors, SafetensorsError } from '#engine/formats/safetensors.ts';
import { singularsOf } from '#graph/words/singular.ts';

export interface Neighbour {
  readonly label: string;
  /** Cosine, −1 … 1. */
  readonly similarity: number;
}

export class WordVectors implements WordEmbedding {
  readonly width: number;
  readonly #rows: ReadonlyMap<string, number>;
  readonly #vectors: Int8Array;
  readonly #scales: Float32Array;

  /**
   * @param bytes a safetensors file: I8 `vectors` (N, W), F32 `scales` (N), metadata `words`: N lower-case words, newline-joined
   * @throws SafetensorsError
   */
  constructor(bytes: Uint8Array) {
    const { tensors, metadata } = readSafetensors(bytes);
    const vectors = tensors.get('vectors');
    const scales = tensors.get('scales');
    if (vectors?.dtype !== 'I8' || vectors.shape.length !== 2 || !(vectors.shape[1]! > 0)) {
      throw new SafetensorsError('word vectors need a tensor "vectors" of dtype I8 and shape (words, width)');
    }
    const words = metadata.words?.split('\n') ?? [];
    if (scales?.dtype !== 'F32' || scales.data.length !== vectors.shape[0] || words.length !== vectors.shape[0]) {
      throw new SafetensorsError(`${vectors.shape[0]} word vectors need as many F32 "scales" and "words"`);
    }
    this.width = vectors.shape[1]!;
    this.#rows = new Map(words.map((word, row) => [word, row]));
    this.#vectors = vectors.data;
    this.#scales = scales.data;
  }

  /**
   * Upper and lower case are one; words are parted by spaces, hyphens and underscores; a plural falls back to its singular; words that
   * are not known are passed over.
   * @returns (W) unit-length mean of the unit vectors of the label's words; undefined when none of them is known
   */
  vector(label: string): Float32Array | undefined {
    const name = label.trim().toLowerCase();
    const whole = this.#rows.get(name);
    const rows = whole === undefined ? this.#rowsOf(name.split(/[\s_-]+/)) : [whole];
    const sum = new Float32Array(this.width);
    for (const row of rows) {
      const vector = unitLength(this.#row(row));
      for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]!;
    }
    return rows.length === 0 ? undefined : unitLength(sum);
  }

  /** The k candidates nearest in meaning, nearest first. Unknown candidates are passed over; an unknown label has no neighbours. */
  nearest(label: string, candidates: readonly string[], k: number): Neighbour[] {
    const wanted = this.vector(label);
    if (wanted === undefined) return [];
    return candidates
      .flatMap((candidate) => {
        const vector = this.vector(candidate);
        if (vector === undefined) return [];
        return [{ label: candidate, similarity: vector.reduce((sum, value, i) => sum + value * wanted[i]!, 0) }];
      })
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, k);
  }

  #rowsOf(words: readonly string[]): number[] {
    return words.flatMap((word) => {
      const known = [word, ...singularsOf(word)].find((form) => this.#rows.has(form));
      return known === undefined ? [] : [this.#rows.get(known)!];
    });
  }

  #row(row: number): Float32Array {
    const scale = this.#scales[row]!;
    const start = row * this.width;
    return Float32Array.from(this.#vectors.subarray(start, start + this.width), (value) => value * scale);
  }
}

function unitLength(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : vector;
}
