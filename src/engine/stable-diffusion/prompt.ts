/**
 * A graph in words, for a UNet that was trained on nothing else. As long as it fits it is one prompt, because that is what Stable
 * Diffusion was trained on: one start token, which takes the attention that no word deserves, and one text encoding in which the words of
 * a triple have seen each other. What does not fit goes into further prompts, cut between phrases and never within one.
 */
import type { TokenGraph } from '#diffusion/tokens.ts';

/** "a white sheep", "another sheep", "sheep left of tree": things first, then what holds between them. */
export function phrasesOf(graph: TokenGraph): string[] {
  const seen = new Set<string>();
  const things = graph.objects.map(({ label, attributes }) => {
    const phrase = [...attributes, label].join(' ');
    const article = seen.has(label) ? 'another' : /^[aeiou]/i.test(phrase) ? 'an' : 'a';
    seen.add(label);
    return `${article} ${phrase}`;
  });
  const labelOf = (index: number) => graph.objects[index]!.label;
  const triples = graph.relations.map(
    ({ subject, predicate, object }) => `${labelOf(subject)} ${predicate} ${labelOf(object)}`,
  );
  return [...things, ...new Set(triples)];
}

export interface PromptPacking {
  readonly prompts: readonly string[];
  /** The first phrase that is too long for a prompt of its own. */
  readonly tooLong?: string;
}

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
  for (const phrase of phrases) {
    if (tokensOf(phrase) > room) return { prompts, tooLong: phrase };
    const last = prompts.at(-1);
    const joined = last === undefined ? phrase : `${last}, ${phrase}`;
    if (last !== undefined && tokensOf(joined) <= room) prompts[prompts.length - 1] = joined;
    else prompts.push(phrase);
  }
  return { prompts };
}
