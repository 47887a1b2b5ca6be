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

const saddles: Readonly<Record<string, Saddle>> = {
  horse: { x: 0.55, size: 1.05, shown: 0.62 },
  elephant: { x: 0.55, size: 0.8, shown: 0.62 },
  bike: { x: 0.52, y: 0.5, size: 1.3, shown: 0.72 },
  motorcycle: { x: 0.5, y: 0.5, size: 1.3, shown: 0.66 },
  skateboard: { x: 0.5, y: 0.16, size: 3.4, shown: 1 },
  surfboard: { x: 0.48, y: 0.3, size: 3.4, shown: 1 },
  snowboard: { x: 0.5, y: 0.5, size: 3.4, shown: 1 },
  zebra: { x: 0.5, size: 1.05, shown: 0.62 },
  bear: { x: 0.42, size: 0.95, shown: 0.62 },
};
export const mounts = Object.keys(saddles);
/** Of what nobody usually rides: the rider sits on the middle of its outline. */
const ANY_SADDLE: Saddle = { x: 0.52, size: 0.95, shown: 0.62 };
export const saddleOf = (mount: string): Saddle => saddles[mount] ?? ANY_SADDLE;

/** Height to the holder's, where the item is held (shares of the item's box), how high the hand is (share of the holder from the top). */
interface Grip {
  readonly size: number;
  readonly x: number;
  readonly y: number;
  readonly hand: number;
  readonly reach: number;
}

const grips: Readonly<Record<string, Grip>> = {
  umbrella: { size: 0.82, x: 0.5, y: 1, hand: 0.42, reach: 0 },
  kite: { size: 0.6, x: 0.2, y: 0.9, hand: 0.35, reach: 0.06 },
  flag: { size: 0.75, x: 0.08, y: 0.95, hand: 0.6, reach: 0.05 },
  ball: { size: 0.4, x: 0.4, y: 0.5, hand: 0.5, reach: 0.06 },
  bag: { size: 0.4, x: 0.5, y: 0.1, hand: 0.58, reach: 0.06 },
  book: { size: 0.4, x: 0.4, y: 0.5, hand: 0.45, reach: 0.04 },
  flower: { size: 0.5, x: 0.4, y: 0.7, hand: 0.5, reach: 0.04 },
  apple: { size: 0.36, x: 0.4, y: 0.5, hand: 0.45, reach: 0.05 },
  banana: { size: 0.4, x: 0.4, y: 0.6, hand: 0.45, reach: 0.05 },
  cake: { size: 0.42, x: 0.4, y: 0.7, hand: 0.45, reach: 0.05 },
  pizza: { size: 0.42, x: 0.4, y: 0.6, hand: 0.45, reach: 0.05 },
  cup: { size: 0.36, x: 0.4, y: 0.5, hand: 0.45, reach: 0.05 },
  surfboard: { size: 0.2, x: 0.3, y: 0.5, hand: 0.5, reach: 0 },
  bottle: { size: 0.42, x: 0.4, y: 0.6, hand: 0.45, reach: 0.04 },
  glass: { size: 0.36, x: 0.4, y: 0.5, hand: 0.45, reach: 0.05 },
  'wine glass': { size: 0.42, x: 0.4, y: 0.55, hand: 0.45, reach: 0.05 },
  bowl: { size: 0.2, x: 0.3, y: 0.5, hand: 0.48, reach: 0.05 },
  box: { size: 0.4, x: 0.25, y: 0.6, hand: 0.48, reach: 0.05 },
  basket: { size: 0.4, x: 0.5, y: 0.1, hand: 0.58, reach: 0.06 },
  'cell phone': { size: 0.36, x: 0.4, y: 0.6, hand: 0.42, reach: 0.05 },
  remote: { size: 0.36, x: 0.4, y: 0.6, hand: 0.45, reach: 0.05 },
  laptop: { size: 0.36, x: 0.25, y: 0.6, hand: 0.46, reach: 0.04 },
  paper: { size: 0.38, x: 0.35, y: 0.6, hand: 0.44, reach: 0.04 },
  letter: { size: 0.3, x: 0.35, y: 0.5, hand: 0.46, reach: 0.04 },
  knife: { size: 0.38, x: 0.3, y: 0.6, hand: 0.46, reach: 0.05 },
  spoon: { size: 0.38, x: 0.3, y: 0.7, hand: 0.46, reach: 0.05 },
  fork: { size: 0.38, x: 0.5, y: 0.6, hand: 0.48, reach: 0.05 },
  scissors: { size: 0.36, x: 0.4, y: 0.6, hand: 0.46, reach: 0.05 },
  toothbrush: { size: 0.38, x: 0.4, y: 0.58, hand: 0.44, reach: 0.05 },
  'hair drier': { size: 0.4, x: 0.5, y: 0.85, hand: 0.4, reach: 0.05 },
  key: { size: 0.34, x: 0.3, y: 0.6, hand: 0.46, reach: 0.05 },
  'teddy bear': { size: 0.46, x: 0.3, y: 0.55, hand: 0.48, reach: 0.05 },
  'tennis racket': { size: 0.6, x: 0.5, y: 0.88, hand: 0.5, reach: 0.03 },
  'baseball bat': { size: 0.6, x: 0.5, y: 0.88, hand: 0.5, reach: 0.03 },
  'baseball glove': { size: 0.36, x: 0.3, y: 0.6, hand: 0.5, reach: 0.05 },
  frisbee: { size: 0.32, x: 0.3, y: 0.5, hand: 0.46, reach: 0.05 },
  snowboard: { size: 0.2, x: 0.3, y: 0.5, hand: 0.5, reach: 0 },
  skis: { size: 0.66, x: 0.4, y: 0.55, hand: 0.5, reach: 0.02 },
  suitcase: { size: 0.42, x: 0.4, y: 0.1, hand: 0.58, reach: 0.04 },
  sign: { size: 0.5, x: 0.5, y: 0.75, hand: 0.5, reach: -0.15 },
  donut: { size: 0.36, x: 0.4, y: 0.5, hand: 0.45, reach: 0.05 },
  'hot dog': { size: 0.36, x: 0.3, y: 0.5, hand: 0.45, reach: 0.05 },
  sandwich: { size: 0.36, x: 0.35, y: 0.5, hand: 0.45, reach: 0.05 },
  orange: { size: 0.34, x: 0.4, y: 0.5, hand: 0.45, reach: 0.05 },
  carrot: { size: 0.38, x: 0.4, y: 0.6, hand: 0.45, reach: 0.05 },
  leaf: { size: 0.38, x: 0.4, y: 0.6, hand: 0.45, reach: 0.05 },
};
export const holdable = Object.keys(grips);
const ANY_GRIP: Grip = { size: 0.4, x: 0.4, y: 0.55, hand: 0.48, reach: 0.05 };
export const gripOf = (item: string): Grip => grips[item] ?? ANY_GRIP;

interface Support {
  readonly carries: readonly string[];
  /** Height of the surface as a share of its box; absent: the outline of the drawing. */
  readonly surface?: number;
  /** Where things are put, as shares of its width. */
  readonly spots: readonly number[];
  /** Height of what it carries to its natural height in the foreground. */
  readonly scale: number;
}

const fruit = ['apple', 'banana', 'orange', 'carrot', 'broccoli'];
const food = [...fruit, 'pizza', 'cake', 'sandwich', 'hot dog', 'donut'];
const dishes = ['cup', 'glass', 'wine glass', 'bottle', 'bowl', 'plate', 'pot', 'fork', 'knife', 'spoon'];
const garments = ['hat', 'bag', 'cap', 'helmet', 'glasses', 'sunglasses', 'glove', 'backpack', 'shirt', 'sock'];
const ornaments = ['book', 'clock', 'plant', 'vase', 'lamp', 'box', 'basket', 'teddy bear'];
const papers = ['paper', 'letter', 'key', 'scissors', 'cell phone', 'remote', 'laptop', 'keyboard', 'mouse'];
const smallThings = [...food, ...dishes, ...ornaments, ...papers, 'hat', 'bag', 'tv', 'cat', 'ball'];
export const supports: Readonly<Record<string, Support>> = {
  table: { carries: smallThings, surface: 0.06, spots: [0.3, 0.5, 0.7], scale: 0.82 },
  chair: {
    carries: ['cat', 'ball', 'book', 'teddy bear', 'pillow', 'towel', ...garments],
    surface: 0.58,
    spots: [0.5],
    scale: 0.75,
  },
  bed: {
    carries: [
      'cat',
      'dog',
      'book',
      'ball',
      'boy',
      'girl',
      'pillow',
      'teddy bear',
      'laptop',
      'pant',
      'dress',
      ...garments,
    ],
    surface: 0.5,
    spots: [0.4, 0.55, 0.7],
    scale: 0.8,
  },
  couch: {
    carries: ['cat', 'dog', 'book', 'ball', 'boy', 'girl', 'pillow', 'teddy bear', 'remote', 'laptop', ...garments],
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
  counter: {
    carries: [...food, ...dishes, 'microwave', 'toaster', 'basket', 'vase', 'cat'],
    surface: 0.04,
    spots: [0.3, 0.5, 0.7],
    scale: 0.8,
  },
  cabinet: {
    carries: [...ornaments, 'tv', 'microwave', 'cat', 'bottle'],
    surface: 0.02,
    spots: [0.4, 0.6],
    scale: 0.75,
  },
  shelf: { carries: ['cat', 'vase', 'plant', 'lamp', 'clock', 'teddy bear'], surface: 0.02, spots: [0.5], scale: 0.6 },
  bench: {
    carries: ['boy', 'girl', 'cat', 'dog', 'bird', 'book', ...garments],
    surface: 0.55,
    spots: [0.46, 0.5, 0.54],
    scale: 0.95,
  },
  box: {
    carries: ['cat', 'dog', 'bird', 'ball', 'book', 'teddy bear', 'cup', 'shoe', ...fruit],
    surface: 0.06,
    spots: [0.5],
    scale: 0.75,
  },
  refrigerator: { carries: ['cat', 'bottle', 'plant', 'basket'], surface: 0.02, spots: [0.5], scale: 0.6 },
  oven: { carries: ['pot', 'bowl', 'cup'], surface: 0.03, spots: [0.5], scale: 0.85 },
  plate: { carries: food, surface: 0.4, spots: [0.5], scale: 0.85 },
  laptop: { carries: ['cat'], surface: 0.04, spots: [0.5], scale: 0.7 },
  suitcase: { carries: ['cat', 'hat', 'bag'], spots: [0.5], scale: 0.75 },
  truck: { carries: ['bird', 'cat', 'box', 'wood'], spots: [0.65], scale: 0.75 },
  fence: { carries: ['bird', 'cat'], surface: 0.1, spots: [0.3, 0.6], scale: 0.75 },
  sign: { carries: ['bird'], surface: 0.04, spots: [0.5], scale: 0.75 },
  pole: { carries: ['bird'], surface: 0.1, spots: [0.5], scale: 0.75 },
  'street light': { carries: ['bird'], surface: 0.02, spots: [0.5], scale: 0.75 },
  'fire hydrant': { carries: ['bird', 'cat'], surface: 0.02, spots: [0.5], scale: 0.7 },
  wood: { carries: ['bird', 'cat', 'leaf'], surface: 0.08, spots: [0.5], scale: 0.75 },
  branch: { carries: ['bird', 'leaf', 'apple'], surface: 0.5, spots: [0.4, 0.6], scale: 0.7 },
  bear: { carries: ['bird', 'cat'], spots: [0.4], scale: 0.72 },
  zebra: { carries: ['bird', 'cat'], spots: [0.55], scale: 0.72 },
  snowboard: { carries: ['dog', 'cat'], surface: 0.5, spots: [0.5], scale: 0.85 },
};

/** Of what usually carries nothing: on the outline of its middle. */
const ANY_SUPPORT: Support = { carries: [], spots: [0.5], scale: 0.72 };
export const supportOf = (label: string): Support => supports[label] ?? ANY_SUPPORT;

/** What can be under what. */
export const covers: Readonly<Record<string, readonly string[]>> = {
  tree: ['sheep', 'dog', 'cat', 'cow', 'boy', 'girl', 'flower', 'ball', 'bike', 'chair', 'rock', 'bird'],
  table: ['cat', 'dog', 'ball', 'bag', 'book', 'box', 'shoe', 'backpack', 'suitcase', 'basket'],
  bench: ['cat', 'ball', 'bag', 'bird', 'leaf'],
  'street light': ['dog', 'cat', 'boy', 'girl', 'bike', 'bench', 'box'],
  sun: ['man', 'woman', 'boy', 'girl', 'dog', 'cow', 'house', 'boat', 'flower', 'horse'],
  moon: ['man', 'woman', 'cat', 'house', 'boat', 'bear', 'car'],
  mirror: ['cabinet', 'sink', 'table', 'bed', 'chair'],
  picture: ['couch', 'bed', 'table', 'cabinet', 'girl', 'chair'],
  clock: ['oven', 'counter', 'couch', 'tv'],
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
  box: { holds: ['cat', 'ball', 'teddy bear', 'book', 'shoe', 'bottle', 'apple', 'hat'], x: [0.5], y: 0.62, size: 0.5 },
  basket: { holds: [...fruit, 'bottle', 'cat', 'flower', 'towel', 'ball'], x: [0.5], y: 0.62, size: 0.5 },
  bowl: { holds: fruit, x: [0.5], y: 0.5, size: 0.6 },
  mirror: { holds: ['man', 'woman', 'girl', 'boy', 'cat', 'flower'], x: [0.5], y: 0.5, size: 0.62 },
  picture: { holds: ['boat', 'horse', 'flower', 'house', 'dog', 'man', 'woman'], x: [0.5], y: 0.5, size: 0.6 },
  shelf: { holds: ['book', 'vase', 'clock', 'teddy bear', 'cup', 'plant', 'cat', 'box'], x: [0.5], y: 0.5, size: 0.3 },
  bush: { holds: ['bird', 'cat', 'flower', 'ball', 'dog'], x: [0.4, 0.6], y: 0.56, size: 0.52 },
  building: { holds: ['man', 'woman', 'car', 'door', 'cat'], x: [0.5], y: 0.74, size: 0.36 },
  refrigerator: { holds: ['bottle', 'cake', 'apple', 'broccoli', 'pizza', 'carrot'], x: [0.5], y: 0.66, size: 0.28 },
  laptop: { holds: ['cat', 'flower', 'man', 'woman', 'dog', 'ball'], x: [0.5], y: 0.36, size: 0.5 },
};
const containerHeights: Readonly<Record<string, number>> = {
  tree: 0.78,
  window: 0.44,
  cloud: 0.4,
  mountain: 0.6,
  house: 0.64,
  tv: 0.5,
  box: 0.44,
  basket: 0.46,
  bowl: 0.32,
  mirror: 0.46,
  picture: 0.42,
  shelf: 0.64,
  bush: 0.44,
  building: 0.7,
  refrigerator: 0.64,
  laptop: 0.46,
};

/** Of what usually holds nothing: before its middle, within its outline. */
const ANY_CONTAINER: Container = { holds: [], x: [0.5], y: 0.54, size: 0.5 };
/** @returns also how tall the container is, as a share of the picture */
export const containerOf = (label: string): Container & { readonly height: number } => ({
  ...(containers[label] ?? ANY_CONTAINER),
  height: containerHeights[label] ?? 0.54,
});

/**
 * What a standing person wears, in shares of the person's box: where its middle is, and how tall it is. Larger than life, so that it can
 * be seen on a person of forty pixels.
 */
export const worn: Readonly<Record<string, { readonly x: number; readonly y: number; readonly size: number }>> = {
  hat: { x: 0.5, y: -0.02, size: 0.2 },
  cap: { x: 0.5, y: 0.03, size: 0.14 },
  helmet: { x: 0.5, y: 0.045, size: 0.2 },
  glasses: { x: 0.5, y: 0.14, size: 0.11 },
  sunglasses: { x: 0.5, y: 0.14, size: 0.11 },
  shirt: { x: 0.5, y: 0.41, size: 0.34 },
  jacket: { x: 0.5, y: 0.42, size: 0.4 },
  tie: { x: 0.5, y: 0.42, size: 0.3 },
  backpack: { x: 0.5, y: 0.44, size: 0.34 },
  short: { x: 0.5, y: 0.66, size: 0.26 },
  pant: { x: 0.5, y: 0.75, size: 0.44 },
};
/** Boys and girls run, each artist's in a pose of its own; only who stands is dressed. */
export const wearers = ['man', 'woman'] as const;
