/** The world's words in the order of the models' outputs; changing them makes trained weights useless. */

import { colours } from './colours.ts';
import { partNames } from './parts.ts';
import { meaningsOf, namesBeside } from './phrases.ts';
import { backdrops, grounds, NIGHT, styles } from './setting.ts';
import { thingByLabel, things } from './things.ts';
import { predicates } from './world.ts';

const kindOf = (label: string): string =>
  thingByLabel.get(label)?.kind ?? ((grounds as readonly string[]).includes(label) ? 'ground' : 'backdrop');

const named: readonly string[] = [...things.map(({ label }) => label), ...namesBeside];
/** Wheels, windows and doors are things of their own as well. */
const partsAlone = partNames.filter((name) => !named.includes(name));

export const worldVocabulary = {
  /** Things, then grounds, then backdrops, then what else they are called, then their parts. */
  objects: [
    ...things.map(({ label }) => label),
    ...grounds,
    ...backdrops,
    ...namesBeside,
    ...partsAlone,
  ] as readonly string[],
  predicates,
  attributes: [...colours, NIGHT] as readonly string[],
  styles: styles as readonly string[],
  /** Kind of each object label, for the editor's palette. */
  kinds: Object.fromEntries([
    ...things.map(({ label, kind }) => [label, kind] as const),
    ...grounds.map((label) => [label, 'ground'] as const),
    ...backdrops.map((label) => [label, 'backdrop'] as const),
    ...namesBeside.map((name) => [name, kindOf(meaningsOf(name)[0] as string)] as const),
    ...partsAlone.map((name) => [name, 'part'] as const),
  ]) as Readonly<Record<string, string>>,
  /** What is drawn for the labels that are other names. */
  meanings: Object.fromEntries(namesBeside.map((name) => [name, [...meaningsOf(name)]])) as Record<string, string[]>,
  /** Whose drawings the world is made of. */
  credits: [
    'Noto Emoji by Google (Apache-2.0)',
    'Twemoji by Twitter and contributors (CC BY 4.0, https://creativecommons.org/licenses/by/4.0/), cut out, scaled and composed into scenes',
    'Fluent UI Emoji by Microsoft (MIT)',
  ] as readonly string[],
};
