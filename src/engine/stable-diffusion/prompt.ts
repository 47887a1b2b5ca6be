/**
 * A graph in words, for a UNet that was trained on nothing else. As long as it fits it is one prompt, because that is what Stable
 * Diffusion was trained on: one start token, which takes the attention that no word deserves, and one text encoding in which the words of
 * a triple have seen each other. What does not fit goes into further prompts, cut between phrases and never within one.
 */
import type { TokenGraph } from '#diffusion/tokens.ts';

/** A piece of the prompt, and the objects and relations of the graph that it speaks of. */
export interface Phrase {
  readonly text: string;
  readonly objects: readonly number[];
  readonly relations: readonly number[];
}

/** "a white sheep", "another sheep", "sheep left of tree": things first, then what holds between them, said once. */
export function phrasesOf(graph: Pick<TokenGraph, 'objects' | 'relations'>): Phrase[] {
  const seen = new Set<string>();
  const things = graph.objects.map(({ label, attributes }, object): Phrase => {
    const phrase = [...attributes, label].join(' ');
    const article = seen.has(label) ? 'another' : /^[aeiou]/i.test(phrase) ? 'an' : 'a';
    seen.add(label);
    return { text: `${article} ${phrase}`, objects: [object], relations: [] };
  });
  const labelOf = (index: number) => graph.objects[index]!.label;
  const triples = new Map<string, number[]>();
  for (const [i, { subject, predicate, object }] of graph.relations.entries()) {
    const text = `${labelOf(subject)} ${predicate} ${labelOf(object)}`;
    triples.set(text, [...(triples.get(text) ?? []), i]);
  }
  return [...things, ...[...triples].map(([text, relations]): Phrase => ({ text, objects: [], relations }))];
}

export interface PromptPacking {
  readonly prompts: readonly string[];
  /** The prompt that each phrase is in. */
  readonly promptOf: readonly number[];
  /** The first phrase that is too long for a prompt of its own. */
  readonly tooLong?: string;
}

const BETWEEN = ', ';

/**
 * Phrases joined by commas into as few prompts as they fit in, in their order.
 * @param tokensOf how many tokens a text takes
 * @param room tokens of one prompt
 */
export function packPrompts(
  phrases: readonly string[],
  tokensOf: (text: string) => number,
  room: number,
): PromptPacking {
  const prompts: string[] = [];
  const promptOf: number[] = [];
  for (const phrase of phrases) {
    if (tokensOf(phrase) > room) return { prompts, promptOf, tooLong: phrase };
    const last = prompts.at(-1);
    const joined = last === undefined ? phrase : `${last}${BETWEEN}${phrase}`;
    if (last !== undefined && tokensOf(joined) <= room) prompts[prompts.length - 1] = joined;
    else prompts.push(phrase);
    promptOf.push(prompts.length - 1);
  }
  return { prompts, promptOf };
}

/**
 * Where each phrase stands among the tokens of all prompts, one after another: first token and the one after its last.
 * CLIP splits at spaces and signs, so the tokens of a prompt are those of its phrases and commas.
 * @param length of a prompt, its start and end included
 */
export function spansOf(
  phrases: readonly string[],
  { promptOf }: Pick<PromptPacking, 'promptOf'>,
  tokensOf: (text: string) => number,
  length: number,
): [number, number][] {
  const comma = tokensOf(BETWEEN.trim());
  let [prompt, at] = [-1, 0];
  return phrases.map((phrase, i) => {
    const mine = promptOf[i]!;
    at = mine === prompt ? at + comma : mine * length + 1;
    prompt = mine;
    const start = at;
    at += tokensOf(phrase);
    return [start, at];
  });
}

/** What of a tokenizer it takes to put a graph into words. */
export interface WordCounter {
  /** Tokens of a text, without start, end and padding. */
  encode(text: string): readonly number[];
  /** Of one prompt: with start and end, and without. */
  readonly length: number;
  readonly room: number;
}

export interface GraphText extends PromptPacking {
  readonly phrases: readonly Phrase[];
  /** Of each phrase, among the tokens of all prompts; empty where a phrase is too long. */
  readonly spans: readonly (readonly [number, number])[];
}

/** A graph in words, and where its objects and relations stand in them. */
export function textOf(graph: Pick<TokenGraph, 'objects' | 'relations'>, tokenizer: WordCounter): GraphText {
  const phrases = phrasesOf(graph);
  const texts = phrases.map(({ text }) => text);
  const count = (text: string) => tokenizer.encode(text).length;
  const packing = packPrompts(texts, count, tokenizer.room);
  const spans = packing.tooLong === undefined ? spansOf(texts, packing, count, tokenizer.length) : [];
  return { phrases, ...packing, spans };
}
