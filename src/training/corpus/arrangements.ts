/** How things are put together: where one meets the other, in shares of their boxes, found by looking at the drawings. */

interface Saddle {
  /** Where the rider's body meets the mount, as shares of the mount's box. Without y: just below the outline of its back. */
  readonly x: number;
  readonly y?: number;
  /** The rider's height to the mount's. */
  readonly size: number;
  /** Share of the rider that shows, from the top. */
  readonly shown: number;
}

export const saddles: Readonly<Record<string, Saddle>> = {
  horse: { x: 0.55, size: 1.05, shown: 0.62 },
  elephant: { x: 0.55, size: 0.8, shown: 0.62 },
  bike: { x: 0.52, y: 0.5, size: 1.3, shown: 0.72 },
  motorcycle: { x: 0.5, y: 0.5, size: 1.3, shown: 0.66 },
  skateboard: { x: 0.5, y: 0.16, size: 3.4, shown: 1 },
  surfboard: { x: 0.48, y: 0.3, size: 3.4, shown: 1 },
};
export const mounts = Object.keys(saddles);

/** Height to the holder's, where the item is held (shares of the item's box), how high the hand is (share of the holder from the top). */
export const grips: Readonly<
  Record<
    string,
    { readonly size: number; readonly x: number; readonly y: number; readonly hand: number; readonly reach: number }
  >
> = {
  umbrella: { size: 0.82, x: 0.5, y: 1, hand: 0.42, reach: 0 },
  kite: { size: 0.6, x: 0.2, y: 0.9, hand: 0.35, reach: 0.06 },
  flag: { size: 0.75, x: 0.08, y: 0.95, hand: 0.6, reach: 0.05 },
  ball: { size: 0.4, x: 0.4, y: 0.5, hand: 0.5, reach: 0.06 },
  bag: { size: 0.4, x: 0.5, y: 0.1, hand: 0.5, reach: 0.06 },
  book: { size: 0.4, x: 0.4, y: 0.5, hand: 0.45, reach: 0.04 },
  flower: { size: 0.6, x: 0.4, y: 0.85, hand: 0.5, reach: 0.04 },
  apple: { size: 0.36, x: 0.4, y: 0.5, hand: 0.45, reach: 0.05 },
  banana: { size: 0.4, x: 0.4, y: 0.6, hand: 0.45, reach: 0.05 },
  cake: { size: 0.42, x: 0.4, y: 0.7, hand: 0.45, reach: 0.05 },
  pizza: { size: 0.42, x: 0.4, y: 0.6, hand: 0.45, reach: 0.05 },
  cup: { size: 0.36, x: 0.4, y: 0.5, hand: 0.45, reach: 0.05 },
  surfboard: { size: 0.2, x: 0.3, y: 0.5, hand: 0.5, reach: 0 },
};
export const holdable = Object.keys(grips);

interface Support {
  readonly carries: readonly string[];
  /** Height of the surface as a share of its box; absent: the outline of the drawing. */
  readonly surface?: number;
  /** Where things are put, as shares of its width. */
  readonly spots: readonly number[];
  /** Height of what it carries to its natural height in the foreground. */
  readonly scale: number;
}

const smallThings = [
  'cup',
  'book',
  'pizza',
  'cake',
  'apple',
  'banana',
  'hat',
  'bag',
  'clock',
  'plant',
  'tv',
  'cat',
  'ball',
];
export const supports: Readonly<Record<string, Support>> = {
  table: { carries: smallThings, surface: 0.06, spots: [0.3, 0.5, 0.7], scale: 0.82 },
  chair: { carries: ['cat', 'book', 'hat', 'bag', 'ball', 'apple', 'cup'], surface: 0.58, spots: [0.5], scale: 0.75 },
  bed: {
    carries: ['cat', 'dog', 'book', 'bag', 'hat', 'ball', 'boy', 'girl'],
    surface: 0.5,
    spots: [0.4, 0.55, 0.7],
    scale: 0.8,
  },
  couch: {
    carries: ['cat', 'dog', 'book', 'bag', 'hat', 'ball', 'boy', 'girl'],
    surface: 0.72,
    spots: [0.35, 0.5, 0.6],
    scale: 0.75,
  },
  tv: { carries: ['cat', 'clock', 'plant', 'book', 'hat'], spots: [0.5], scale: 0.75 },
  rock: { carries: ['bird', 'cat', 'dog', 'boy', 'girl', 'sheep', 'flag'], spots: [0.5], scale: 0.8 },
  car: { carries: ['bird', 'cat', 'bag', 'surfboard', 'hat', 'bike'], spots: [0.5, 0.6], scale: 0.8 },
  bus: { carries: ['bird', 'cat', 'bag', 'surfboard'], spots: [0.4, 0.6], scale: 0.8 },
  house: { carries: ['bird', 'cat', 'flag'], spots: [0.35, 0.5], scale: 0.75 },
  horse: { carries: ['bird', 'cat', 'bag', 'hat'], spots: [0.55], scale: 0.72 },
  cow: { carries: ['bird', 'cat'], spots: [0.6], scale: 0.72 },
  sheep: { carries: ['bird', 'cat'], spots: [0.6], scale: 0.72 },
  elephant: { carries: ['bird', 'cat', 'ball', 'flag'], spots: [0.5, 0.65], scale: 0.8 },
  skateboard: { carries: ['dog', 'cat', 'ball', 'bag'], surface: 0.18, spots: [0.5], scale: 0.85 },
  surfboard: { carries: ['dog', 'bird', 'ball'], surface: 0.3, spots: [0.45], scale: 0.85 },
  man: { carries: ['hat'], surface: 0.05, spots: [0.5], scale: 0.66 },
  woman: { carries: ['hat'], surface: 0.05, spots: [0.5], scale: 0.66 },
  dog: { carries: ['hat'], surface: 0.05, spots: [0.35], scale: 0.66 },
};

/** What can be under what. */
export const covers: Readonly<Record<string, readonly string[]>> = {
  tree: ['sheep', 'dog', 'cat', 'cow', 'boy', 'girl', 'flower', 'ball', 'bike', 'chair', 'rock', 'bird'],
  table: ['cat', 'dog', 'ball', 'bag', 'book'],
  umbrella: ['dog', 'cat', 'bird', 'ball', 'chair', 'bag', 'sheep'],
  kite: ['boy', 'girl', 'dog', 'cat', 'sheep', 'bike', 'car'],
  cloud: ['man', 'woman', 'boy', 'girl', 'dog', 'cow', 'sheep', 'house', 'car', 'boat', 'horse', 'tree'],
  plane: ['car', 'bus', 'man', 'boat', 'house', 'elephant', 'giraffe'],
};

interface Container {
  readonly holds: readonly string[];
  /** Where the middle of the content goes, as shares of the box, and the content's height to the container's. */
  readonly x: readonly number[];
  readonly y: number;
  readonly size: number;
}

export const containers: Readonly<Record<string, Container>> = {
  tree: { holds: ['bird', 'cat', 'apple', 'kite', 'ball', 'clock'], x: [0.35, 0.5, 0.65], y: 0.38, size: 0.32 },
  window: {
    holds: ['cat', 'bird', 'plant', 'dog', 'apple', 'flower', 'boy', 'girl', 'tree'],
    x: [0.5],
    y: 0.52,
    size: 0.62,
  },
  cloud: { holds: ['plane', 'bird', 'kite'], x: [0.5], y: 0.55, size: 0.56 },
  mountain: {
    holds: ['tree', 'house', 'sheep', 'cow', 'man', 'woman', 'dog', 'horse', 'cat'],
    x: [0.42, 0.5, 0.58],
    y: 0.72,
    size: 0.42,
  },
  house: {
    holds: ['man', 'woman', 'boy', 'girl', 'dog', 'cat', 'flower', 'cow'],
    x: [0.4, 0.5, 0.62],
    y: 0.7,
    size: 0.42,
  },
  tv: {
    holds: ['cat', 'dog', 'ball', 'apple', 'car', 'horse', 'elephant', 'boat', 'bird'],
    x: [0.5],
    y: 0.6,
    size: 0.5,
  },
};
export const containerHeights: Readonly<Record<string, number>> = {
  tree: 0.78,
  window: 0.44,
  cloud: 0.4,
  mountain: 0.6,
  house: 0.64,
  tv: 0.5,
};
