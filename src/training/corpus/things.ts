/** The things of the Picturebook world: who draws them, how tall they are and where common sense puts them. */
import type { Backdrop, Ground } from './setting.ts';

export type Kind =
  | 'person'
  | 'animal'
  | 'vehicle'
  | 'building'
  | 'plant'
  | 'landscape'
  | 'sky thing'
  | 'toy'
  | 'furniture'
  | 'household'
  | 'food'
  | 'clothing'
  | 'ground'
  | 'backdrop';

export interface Thing {
  readonly label: string;
  readonly kind: Kind;
  /** Icon id, the same in every set; `own:NAME` is drawn in own-drawings.ts. */
  readonly icon: string;
  /** Height of its drawing in the foreground, as a share of the picture's height. */
  readonly height: number;
  /** Grounds it may stand, lie or float on. */
  readonly places: readonly Ground[];
  /** It may also hang in the sky or on the wall. */
  readonly hangs?: Backdrop;
  /** It never stands on the ground: it hangs, or another thing carries it. */
  readonly neverGrounded?: boolean;
  /** Other names of it, each a label of the vocabulary; a graph may say any of them. */
  readonly words?: readonly string[];
  /** It comes in other colours than its own: paint that is replaced keeps light and shade. */
  readonly painted?: true;
}

const meadow: readonly Ground[] = ['grass', 'field', 'dirt'];
const land: readonly Ground[] = ['grass', 'field', 'dirt', 'sand', 'snow', 'road'];
const anywhereDry: readonly Ground[] = [...land, 'floor'];
const picnic: readonly Ground[] = ['floor', 'grass'];
const indoors: readonly Ground[] = ['floor'];

export const things: readonly Thing[] = [
  { label: 'man', kind: 'person', icon: 'man-standing', height: 0.58, places: anywhereDry },
  { label: 'woman', kind: 'person', icon: 'woman-standing', height: 0.56, places: anywhereDry },
  { label: 'boy', kind: 'person', icon: 'person-running', height: 0.44, places: anywhereDry },
  { label: 'girl', kind: 'person', icon: 'woman-running', height: 0.44, places: anywhereDry },

  { label: 'dog', kind: 'animal', icon: 'dog', height: 0.34, places: anywhereDry },
  { label: 'cat', kind: 'animal', icon: 'cat', height: 0.34, places: [...meadow, 'floor'] },
  { label: 'horse', kind: 'animal', icon: 'horse', height: 0.48, places: [...meadow, 'sand'] },
  { label: 'cow', kind: 'animal', icon: 'cow', height: 0.42, places: meadow },
  { label: 'sheep', kind: 'animal', icon: 'ewe', height: 0.38, places: [...meadow, 'snow'] },
  { label: 'elephant', kind: 'animal', icon: 'elephant', height: 0.56, places: ['grass', 'dirt', 'sand'] },
  { label: 'giraffe', kind: 'animal', icon: 'giraffe', height: 0.7, places: meadow },
  { label: 'bird', kind: 'animal', icon: 'bird', height: 0.28, places: [...land, 'ocean'], hangs: 'sky' },

  { label: 'car', kind: 'vehicle', icon: 'automobile', height: 0.34, places: ['road', 'dirt', 'snow'] },
  { label: 'bus', kind: 'vehicle', icon: 'bus', height: 0.42, places: ['road'] },
  { label: 'bike', kind: 'vehicle', icon: 'bicycle', height: 0.36, places: ['road', 'grass', 'dirt', 'sand'] },
  { label: 'motorcycle', kind: 'vehicle', icon: 'motorcycle', height: 0.36, places: ['road', 'dirt'] },
  { label: 'train', kind: 'vehicle', icon: 'locomotive', height: 0.46, places: ['field', 'dirt', 'snow'] },
  { label: 'boat', kind: 'vehicle', icon: 'sailboat', height: 0.52, places: ['ocean'] },
  {
    label: 'plane',
    kind: 'vehicle',
    icon: 'airplane',
    height: 0.3,
    places: [...land, 'ocean'],
    hangs: 'sky',
    neverGrounded: true,
  },

  { label: 'tree', kind: 'plant', icon: 'deciduous-tree', height: 0.72, places: [...meadow, 'snow', 'road'] },
  { label: 'flower', kind: 'plant', icon: 'sunflower', height: 0.42, places: meadow },
  { label: 'plant', kind: 'plant', icon: 'potted-plant', height: 0.38, places: indoors },
  {
    label: 'rock',
    kind: 'landscape',
    icon: 'rock',
    height: 0.28,
    places: ['grass', 'field', 'dirt', 'sand', 'snow', 'ocean'],
  },
  {
    label: 'mountain',
    kind: 'landscape',
    icon: 'mountain',
    height: 0.44,
    places: ['grass', 'field', 'dirt', 'sand', 'snow', 'ocean'],
  },
  {
    label: 'cloud',
    kind: 'sky thing',
    icon: 'cloud',
    height: 0.24,
    places: [...land, 'ocean'],
    hangs: 'sky',
    neverGrounded: true,
  },
  { label: 'house', kind: 'building', icon: 'house', height: 0.6, places: ['grass', 'field', 'dirt', 'snow', 'road'] },

  { label: 'umbrella', kind: 'toy', icon: 'umbrella', height: 0.42, places: ['sand', 'grass', 'road'] },
  { label: 'kite', kind: 'toy', icon: 'kite', height: 0.32, places: land, hangs: 'sky', neverGrounded: true },
  { label: 'ball', kind: 'toy', icon: 'soccer-ball', height: 0.24, places: anywhereDry },
  { label: 'flag', kind: 'toy', icon: 'triangular-flag', height: 0.42, places: ['grass', 'sand', 'snow', 'dirt'] },
  { label: 'skateboard', kind: 'toy', icon: 'own:skateboard', height: 0.12, places: ['road', 'floor'] },
  { label: 'surfboard', kind: 'toy', icon: 'own:surfboard', height: 0.12, places: ['ocean', 'sand'] },

  { label: 'table', kind: 'furniture', icon: 'own:table', height: 0.36, places: picnic },
  { label: 'chair', kind: 'furniture', icon: 'chair', height: 0.44, places: ['floor', 'grass', 'sand'] },
  { label: 'bed', kind: 'furniture', icon: 'bed', height: 0.36, places: indoors },
  { label: 'couch', kind: 'furniture', icon: 'couch-and-lamp', height: 0.44, places: indoors },
  {
    label: 'window',
    kind: 'household',
    icon: 'window',
    height: 0.36,
    places: indoors,
    hangs: 'wall',
    neverGrounded: true,
  },
  { label: 'clock', kind: 'household', icon: 'alarm-clock', height: 0.28, places: indoors, hangs: 'wall' },
  { label: 'tv', kind: 'household', icon: 'television', height: 0.34, places: indoors },
  { label: 'book', kind: 'household', icon: 'green-book', height: 0.28, places: indoors },

  { label: 'cup', kind: 'food', icon: 'hot-beverage', height: 0.26, places: picnic },
  { label: 'pizza', kind: 'food', icon: 'pizza', height: 0.28, places: picnic },
  { label: 'cake', kind: 'food', icon: 'birthday-cake', height: 0.3, places: picnic },
  { label: 'apple', kind: 'food', icon: 'red-apple', height: 0.26, places: picnic },
  { label: 'banana', kind: 'food', icon: 'banana', height: 0.28, places: picnic },
  { label: 'hat', kind: 'clothing', icon: 'top-hat', height: 0.26, places: ['floor', 'sand'] },
  { label: 'bag', kind: 'clothing', icon: 'handbag', height: 0.28, places: ['floor', 'road', 'sand'] },
];

export const thingByLabel: ReadonlyMap<string, Thing> = new Map(things.map((thing) => [thing.label, thing]));

/** @throws RangeError when no thing of the world has this label. */
export function thingOf(label: string): Thing {
  const thing = thingByLabel.get(label);
  if (!thing) throw new RangeError(`no thing of the Picturebook world is called ${JSON.stringify(label)}`);
  return thing;
}
