/** From text to a graph on the canvas. The grammar is #graph/sentence; here it gets its tagger and the document. */

import type { ModelFacts } from '#engine/contract/manifest.ts';
import { readSentence } from '#graph/sentence/sentence-graph.ts';
import type { SentenceReading } from '#graph/sentence/spoken-scene.ts';
import { tagWords } from './tag-words.ts';

/** Characters. It takes milliseconds to read, and more objects than a graph can hold to fill. */
export const MAX_TEXT_LENGTH = 2000;

/** What a model, or without one any model, could make of a text. */
export function readText(text: string, manifest: ModelFacts | null): SentenceReading {
  const takesEveryWord = manifest === null || manifest.kind === 'stable-diffusion';
  return readSentence(tagWords(text.slice(0, MAX_TEXT_LENGTH)), {
    vocabulary: takesEveryWord ? null : manifest.vocabulary,
    likely: manifest?.likely ?? [],
    limits: manifest?.limits ?? { objects: 30, relations: 60 },
  });
}
