/** The words of a sentence as a tagger hands them over, and the closed classes of English words that hold a scene together. */

export interface SentenceWord {
  /** As it was typed, without punctuation; empty for the second half of "it's". */
  readonly text: string;
  /** Lower case, contractions undone. */
  readonly word: string;
  /** The singular of a noun, the infinitive of a verb; the word itself where the tagger knows none. */
  readonly root: string;
  readonly kind: 'noun' | 'verb' | 'adjective' | 'number' | 'other';
  /** The punctuation that follows. */
  readonly stop: 'none' | 'comma' | 'end';
}

/** What became of a word. `unknown` is said to the user; `grammar` carries no content of its own ("the", "is"). */
export type WordRole = 'object' | 'attribute' | 'number' | 'relation' | 'grammar' | 'unknown';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

export const newDeterminers = set('a an another');
export const definiteDeterminers = set('the this that these those both all each every');
/** They take away what they stand before: "no cats", "without a hat". */
export const negations = set('no without');
/** Verbs whose participle is the verb itself. */
export const sameParticiples = set('cut put set hit shut split spread let hurt burst cast shed');
/** What follows them are words that can be read in the scene: "a sign that says stop". */
export const quoting = set('says saying');
/** The tagger takes them for anything but what they are behind a noun: "a street light". */
export const lateNames = set('light');
/** The second half of "zebra's". */
export const GENITIVE = "'s";
export const possessives = set('my your his her its our their');
export const pronouns = set('it he she they him them this these those');
export const relatives = set('that which who whom');
export const conjunctions = set('and & plus');
/** A new clause about the same scene begins. */
export const clauseWords = set('while but whereas or then');
/** Said of a scene as a whole, or of how something is the case. */
export const adverbs = set(
  'also just only now still very quite really directly immediately slightly there here together happily quietly slowly currently underwater',
);
export const copulas = set('is are was were be being been am');
export const auxiliaries = set('has have had will can could may might do does did');
/** Before a preposition they only colour it: "up on", "over by". */
export const particles = set('up down out off away back over around along');

const numberWords =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
const rounds: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  dozen: 12,
  hundred: 100,
  thousand: 1000,
});
const ordinalWords = 'zeroth first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ');

/** "two" and "2" → 2; undefined for what is no whole number from 1. */
export function countOf(word: string): number | undefined {
  const value = /^\d{1,6}$/.test(word) ? Number(word) : (rounds[word] ?? numberWords.indexOf(word));
  return value >= 1 ? value : undefined;
}

/** "second" and "2nd" → 2. */
export function ordinalOf(word: string): number | undefined {
  const digits = /^(\d{1,3})(?:st|nd|rd|th)$/.exec(word);
  const value = digits ? Number(digits[1]) : ordinalWords.indexOf(word);
  return value >= 1 ? value : undefined;
}

/** How many "a few" are; each is followed by a plural. */
export const quantities: readonly (readonly [phrase: string, count: number])[] = [
  ['a couple of', 2],
  ['a pair of', 2],
  ['a group of', 3],
  ['a herd of', 3],
  ['a flock of', 3],
  ['a bunch of', 3],
  ['a number of', 3],
  ['a set of', 3],
  ['a row of', 3],
  ['a line of', 3],
  ['a variety of', 3],
  ['a lot of', 3],
  ['lots of', 3],
  ['a few', 3],
  ['a couple', 2],
  ['several', 3],
  ['many', 3],
  ['some', 3],
];

/** When, and no thing: said of the scene, which a graph has no word for. */
const times: readonly string[] =
  'at night,at dusk,at dawn,at sunset,at sunrise,at noon,during the day,during the night,in the daytime,in the evening,in the morning,in the afternoon'.split(
    ',',
  );
/** Where or how, without saying of what. */
const asides: readonly string[] =
  'on either side,on each side,on both sides,in the background,in the foreground,in the distance,in half,in line,in a row,in a circle,in the air,hand in hand,side by side,to the side'.split(
    ',',
  );
/** "a black and white photo of …" is no object of the scene. */
export const pictureWords = set('picture photo photograph image drawing painting view shot closeup close-up scene');

/** They announce a scene where a thought begins, and are no object of it. */
export const announcements: readonly string[] =
  'a scene with,a picture with,a photo with,picture of,photo of,image of,i want,show me,draw,paint'.split(',');
/** They name a portion, or nothing; longest first. */
export const fillers: readonly string[] = [
  'a piece of',
  'a slice of',
  'a bit of',
  'there is',
  'there are',
  'here is',
  'here are',
  'there',
];

const owners: Readonly<Record<string, string>> = { his: 'him', her: 'her', their: 'them' };

/** "their" → them: whose it is. */
export const ownerOf = (possessive: string): string => owners[possessive] ?? 'it';

/** Whether the words from `at` on are this phrase, with no punctuation inside. */
export function isPhraseAt(words: readonly SentenceWord[], at: number, phrase: string): boolean {
  const parts = phrase.split(' ');
  return parts.every((part, i) => words[at + i]?.word === part && (i === 0 || words[at + i - 1]!.stop === 'none'));
}

/** "sit" → "sitting", "ride" → "riding", "lie" → "lying". */
export function gerundOf(infinitive: string): string {
  if (infinitive.endsWith('ing')) return infinitive;
  if (infinitive.endsWith('ie')) return `${infinitive.slice(0, -2)}ying`;
  if (/[^e]e$/.test(infinitive)) return `${infinitive.slice(0, -1)}ing`;
  const doubles = /^[^aeiou]*[aeiou][bdgmnprt]$/.test(infinitive);
  return `${infinitive}${doubles ? infinitive.at(-1) : ''}ing`;
}

const irregular: Readonly<Record<string, string>> = {
  ridden: 'ride',
  rode: 'ride',
  held: 'hold',
  stood: 'stand',
  sat: 'sit',
  wore: 'wear',
  worn: 'wear',
  ate: 'eat',
  eaten: 'eat',
  drove: 'drive',
  driven: 'drive',
  flew: 'fly',
  flown: 'fly',
  lay: 'lie',
  hung: 'hang',
  has: 'have',
  had: 'have',
};

/** The gerund of any form of a verb: "rides", "ridden" and "ride" → "riding". The tagger's root decides where it has one. */
export function gerundOfForm({ word, root }: SentenceWord): string {
  if (word.endsWith('ing')) return word;
  if (Object.hasOwn(irregular, word)) return gerundOf(irregular[word]!);
  if (root !== word) return gerundOf(root);
  if (word.endsWith('ies')) return gerundOf(`${word.slice(0, -3)}y`);
  if (/(?:ss|sh|ch|x)es$/.test(word)) return gerundOf(word.slice(0, -2));
  if (word.endsWith('s') && !word.endsWith('ss')) return gerundOf(word.slice(0, -1));
  if (/rried$/.test(word)) return gerundOf(`${word.slice(0, -3)}y`);
  return gerundOf(word);
}

/** Length of a phrase that says when, where or how without a thing; 0 where there is none. */
export function asideAt(words: readonly SentenceWord[], at: number): number {
  const phrase = [...times, ...asides].find((each) => isPhraseAt(words, at, each));
  const length = phrase?.split(' ').length ?? 0;
  return words[at + length]?.word === 'of' ? 0 : length;
}

/** The words as they were typed. */
export function typed(words: readonly SentenceWord[], from: number, to: number): string {
  return words
    .slice(from, to)
    .map(({ text, word }) => (text === '' ? '' : text || word))
    .filter((text) => text !== '')
    .join(' ');
}
