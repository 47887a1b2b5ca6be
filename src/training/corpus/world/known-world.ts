/** The part of the world that a model has words for: a package of an earlier world is scored on scenes that it can be asked for. */

import { type Colour, colours } from './colours.ts';
import { type Ground, grounds, NIGHT, type Style, styles } from './setting.ts';
import { type Thing, things } from './things.ts';

/** As in a package's manifest. */
export interface KnownWords {
  readonly objects: readonly string[];
  readonly predicates: readonly string[];
  readonly attributes: readonly string[];
  readonly styles: readonly string[];
}

export interface KnownWorld {
  readonly things: readonly Thing[];
  readonly grounds: readonly Ground[];
  readonly styles: readonly Style[];
  readonly colours: readonly Colour[];
  readonly hasNight: boolean;
  groundsOf(thing: Thing): readonly Ground[];
  /** Of labels and predicates alike. */
  knows(word: string): boolean;
}

const everything: KnownWorld = {
  things,
  grounds,
  styles,
  colours,
  hasNight: true,
  groundsOf: ({ places }) => places,
  knows: () => true,
};

const known = new WeakMap<KnownWords, KnownWorld>();

/**
 * @param words all of the world's when absent
 * @throws RangeError when they name no thing on a ground, or no style, of the world
 */
export function knownWorld(words?: KnownWords): KnownWorld {
  if (!words) return everything;
  let world = known.get(words);
  if (!world) {
    const all = new Set([...words.objects, ...words.predicates]);
    const knows = (word: string) => all.has(word);
    const groundsOf = ({ places }: Thing) => places.filter(knows);
    world = {
      things: things.filter((thing) => knows(thing.label) && groundsOf(thing).length > 0),
      grounds: grounds.filter(knows),
      styles: styles.filter((style) => words.styles.includes(style)),
      colours: colours.filter((colour) => words.attributes.includes(colour)),
      hasNight: words.attributes.includes(NIGHT),
      groundsOf,
      knows,
    };
    if (world.things.length === 0 || world.styles.length === 0) {
      throw new RangeError('the corpus has no scene in these words: no thing on a ground, or no style, is among them');
    }
    known.set(words, world);
  }
  return world;
}
