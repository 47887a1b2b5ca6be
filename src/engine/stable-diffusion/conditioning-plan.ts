/**
 * How a graph's words and G_global are laid out in S_cond, for a UNet that reads a row of tokens. Training and sampling both lay it out here.
 */
import type { TokenGraph } from '#diffusion/tokens.ts';
import {
  type Phrase,
  type PromptPacking,
  packPrompts,
  phrasesOf,
  spansOf,
  textOf,
  type WordCounter,
} from './prompt.ts';

/**
 * `labels`: the labels in words, which say nothing of edges. `interleaved`: tokens of the labels alternate with G_global, as in the paper's
 * released code. `full`: labels and triples in words, each informed by its vector of the graph, and G_global on a token of its own.
 */
export const fusions = ['labels', 'interleaved', 'full'] as const;
export type Fusion = (typeof fusions)[number];

export interface ConditioningPlan {
  /** What the text encoder reads, one prompt after another. */
  readonly prompts: readonly string[];
  readonly phrases: readonly Phrase[];
  /** First token of each phrase among the tokens of all prompts, and the one after its last. */
  readonly spans: readonly (readonly [number, number])[];
  /** For each token of S_cond the token of the prompts that it is, or −1. */
  readonly sources: readonly number[];
  /** Tokens of S_cond that G_global is added to. */
  readonly globals: readonly number[];
  /** The first phrase that is too long for a prompt of its own; then the rest is empty. */
  readonly tooLong?: string;
}

/** @param fusion of the package's adapter; a package without one is told labels and triples in words */
export function planConditioning(
  graph: Pick<TokenGraph, 'objects' | 'relations'>,
  tokenizer: WordCounter,
  fusion: Fusion | undefined,
): ConditioningPlan {
  switch (fusion) {
    case undefined:
      return inWords(graph, tokenizer, 0);
    case 'full':
      return inWords(graph, tokenizer, 1);
    case 'labels':
      return inLabels(graph, tokenizer, false);
    case 'interleaved':
      return inLabels(graph, tokenizer, true);
    default:
      return fusion satisfies never;
  }
}

/** @param globals 1 keeps the last token of the last prompt free of words and gives it to G_global */
function inWords(
  graph: Pick<TokenGraph, 'objects' | 'relations'>,
  tokenizer: WordCounter,
  globals: 0 | 1,
): ConditioningPlan {
  const { phrases, prompts, spans, tooLong } = textOf(graph, withRoom(tokenizer, tokenizer.room - globals));
  if (tooLong !== undefined) return nothing(tooLong);
  const length = prompts.length * tokenizer.length;
  const sources = Array.from({ length }, (_, token) => token);
  return { phrases, prompts, spans, sources, globals: globals === 1 ? [length - 1] : [] };
}

/** Labels alone in prompts of their own, so that no word of a relation can reach them; what relations are called follows, for the encoder. */
function inLabels(
  graph: Pick<TokenGraph, 'objects' | 'relations'>,
  tokenizer: WordCounter,
  alternates: boolean,
): ConditioningPlan {
  const { length } = tokenizer;
  const count = (text: string) => tokenizer.encode(text).length;
  const things = graph.objects.map(({ label, attributes }, object): Phrase => {
    return { text: [...attributes, label].join(' '), objects: [object], relations: [] };
  });
  // The start and every label token have one G_global each to alternate with.
  const labels = packed(things, tokenizer, alternates ? Math.floor(length / 2) - 1 : tokenizer.room);
  const triples = alternates ? phrasesOf(graph).filter(({ relations }) => relations.length > 0) : [];
  const relations = packed(triples, tokenizer, tokenizer.room);
  const tooLong = labels.tooLong ?? relations.tooLong;
  if (tooLong !== undefined) return nothing(tooLong);
  const after = labels.prompts.length * length;
  const sources = Array.from({ length: after }, (_, token) => token);
  const globals: number[] = [];
  if (alternates) {
    for (const [i, prompt] of labels.prompts.entries()) {
      const start = i * length;
      for (let token = 0; token <= count(prompt); token++) {
        sources[start + 2 * token] = start + token;
        sources[start + 2 * token + 1] = -1;
        globals.push(start + 2 * token + 1);
      }
    }
  }
  return {
    prompts: [...labels.prompts, ...relations.prompts],
    phrases: [...things, ...triples],
    spans: [
      ...spansOf(textsOf(things), labels, count, length),
      ...spansOf(textsOf(triples), relations, count, length).map(([from, to]): [number, number] => [
        after + from,
        after + to,
      ]),
    ],
    sources,
    globals,
  };
}

const textsOf = (phrases: readonly Phrase[]): string[] => phrases.map(({ text }) => text);

const packed = (phrases: readonly Phrase[], tokenizer: WordCounter, room: number): PromptPacking =>
  packPrompts(textsOf(phrases), (text) => tokenizer.encode(text).length, room);

const withRoom = (tokenizer: WordCounter, room: number): WordCounter => ({
  encode: (text) => tokenizer.encode(text),
  length: tokenizer.length,
  room,
});

const nothing = (tooLong: string): ConditioningPlan => ({
  prompts: [],
  phrases: [],
  spans: [],
  sources: [],
  globals: [],
  tooLong,
});
