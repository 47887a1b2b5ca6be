/** The parts of a sentence: things, links and the words between. */
import type { LinkWords } from '#graph/words/predicate-phrases.ts';

/** One naming of one or several objects. */
export interface Mention {
  readonly label: string;
  /** As typed, without determiner, number and attributes. */
  readonly name: string;
  readonly isKnown: boolean;
  readonly isPlural: boolean;
  /** "two"; undefined where the sentence does not say. */
  readonly count: number | undefined;
  readonly determiner: 'new' | 'definite' | 'bare';
  /** "the second sheep" → 2; "the other sheep". */
  readonly which: number | 'other' | undefined;
  /** "sheep 2", as descriptions number objects that read alike. */
  readonly index: number | undefined;
  readonly attributes: readonly string[];
  /** What its name says of another thing: "a zebra's head" is of a zebra, "a snow covered branch" covered in snow. */
  readonly bond: { readonly link: Link; readonly to: Mention } | undefined;
}

export interface Link extends LinkWords {
  /** As typed. */
  readonly name: string;
  /** "held by": subject and object change places. */
  readonly isPassive: boolean;
  /** "rides" and "is riding" rather than "riding". */
  readonly isFiniteVerb: boolean;
}

export type Chunk = { readonly from: number; readonly to: number } & (
  | { readonly type: 'thing'; readonly mention: Mention }
  | { readonly type: 'link'; readonly link: Link }
  | { readonly type: 'pronoun'; readonly word: string }
  | { readonly type: 'quality'; readonly attribute: string }
  | { readonly type: 'and' | 'comma' | 'stop' | 'clause' | 'relative' | 'each-other' | 'nothing' }
);
