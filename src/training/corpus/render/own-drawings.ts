/** Things that no emoji set draws on their own, or not in one pose, in the palette of each artist. Drawn for this project. */
import type { Artist } from '#training/corpus/world/setting.ts';

interface Palette {
  readonly wood: string;
  readonly darkWood: string;
  readonly board: string;
  readonly stripe: string;
  readonly deck: string;
  readonly wheel: string;
  readonly metal: string;
  readonly darkMetal: string;
  readonly white: string;
  readonly shade: string;
  readonly red: string;
  readonly blue: string;
  readonly darkBlue: string;
  readonly green: string;
  readonly darkGreen: string;
  readonly black: string;
  readonly brown: string;
  readonly darkBrown: string;
  readonly pane: string;
}

const fluent: Palette = {
  wood: '#a56953',
  darkWood: '#6d4534',
  board: '#ffb02e',
  stripe: '#f92f60',
  deck: '#433b6b',
  wheel: '#f8312f',
  metal: '#cdc4d6',
  darkMetal: '#8d8795',
  white: '#f4f4f4',
  shade: '#d3d3d3',
  red: '#f8312f',
  blue: '#0084ce',
  darkBlue: '#005ca5',
  green: '#00d26a',
  darkGreen: '#008463',
  black: '#402a32',
  brown: '#7d4533',
  darkBrown: '#5c2e23',
  pane: '#83cbff',
};

const palettes: Record<Artist, Palette> = {
  noto: {
    wood: '#b7793c',
    darkWood: '#8a5527',
    board: '#fdd835',
    stripe: '#e53935',
    deck: '#455a64',
    wheel: '#ef6c00',
    metal: '#b0bec5',
    darkMetal: '#78909c',
    white: '#fafafa',
    shade: '#cfd8dc',
    red: '#e53935',
    blue: '#1e88e5',
    darkBlue: '#1565c0',
    green: '#7cb342',
    darkGreen: '#558b2f',
    black: '#37474f',
    brown: '#8d6e63',
    darkBrown: '#5d4037',
    pane: '#81d4fa',
  },
  twemoji: {
    wood: '#c1694f',
    darkWood: '#8a4633',
    board: '#ffcc4d',
    stripe: '#dd2e44',
    deck: '#664500',
    wheel: '#be1931',
    metal: '#ccd6dd',
    darkMetal: '#8899a6',
    white: '#f5f8fa',
    shade: '#ccd6dd',
    red: '#dd2e44',
    blue: '#3b88c3',
    darkBlue: '#226699',
    green: '#77b255',
    darkGreen: '#3e721d',
    black: '#292f33',
    brown: '#a0522d',
    darkBrown: '#662113',
    pane: '#8ccaf7',
  },
  fluent,
  'fluent-3d': {
    ...fluent,
    wood: '#b37a5e',
    darkWood: '#7b4f3e',
    metal: '#d6cfe2',
    darkMetal: '#9a90ab',
    blue: '#2f9bf0',
    green: '#4bd98a',
    red: '#f64a5f',
    brown: '#8f5a48',
  },
};

const rect = (x: number, y: number, w: number, h: number, fill: string, rx = 2) =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${rx}" fill="${fill}"/>`;
const disc = (x: number, y: number, r: number, fill: string) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
const oval = (x: number, y: number, rx: number, ry: number, fill: string) =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;
const shape = (d: string, fill: string) => `<path d="${d}" fill="${fill}"/>`;
const line = (d: string, stroke: string, width: number) =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;

interface Drawing {
  readonly size: readonly [width: number, height: number];
  readonly paint: (palette: Palette) => string;
}

const drawings: Readonly<Record<string, Drawing>> = {
  table: {
    size: [132, 84],
    paint: ({ wood, darkWood }) =>
      rect(14, 12, 11, 70, darkWood) +
      rect(107, 12, 11, 70, darkWood) +
      rect(12, 12, 108, 14, darkWood, 3) +
      rect(2, 2, 128, 14, wood, 5),
  },
  skateboard: {
    size: [132, 40],
    paint: ({ deck, wheel }) =>
      line('M6 6 Q14 17 28 17 H104 Q118 17 126 6', deck, 9) +
      [36, 96].map((x) => disc(x, 30, 8, wheel) + disc(x, 30, 3, '#fff')).join(''),
  },
  surfboard: {
    size: [160, 36],
    paint: ({ board, stripe }) =>
      shape('M2 14 Q30 33 80 33 Q135 33 158 8 Q120 6 80 8 Q30 8 2 14Z', board) +
      shape('M10 18 Q70 22 150 13 Q120 23 80 24 Q40 25 10 18Z', stripe),
  },
  snowboard: {
    size: [160, 32],
    paint: ({ blue, darkBlue, white }) =>
      shape('M2 4 Q8 22 30 24 H130 Q152 22 158 4 Q152 14 130 15 H30 Q8 14 2 4Z', blue) +
      rect(48, 16, 18, 8, darkBlue) +
      rect(94, 16, 18, 8, darkBlue) +
      rect(72, 17, 16, 5, white),
  },
  skis: {
    size: [64, 140],
    paint: ({ red, wheel, black, darkMetal }) =>
      line('M4 54 V136', darkMetal, 3) +
      line('M60 54 V136', darkMetal, 3) +
      [4, 60].map((x) => rect(x - 3, 44, 6, 18, black, 3) + oval(x, 128, 4, 2, black)).join('') +
      [13, 34].map((x) => shape(`M${x} 138 V20 Q${x} 2 ${x + 8.5} 2 Q${x + 17} 2 ${x + 17} 20 V138Z`, red)).join('') +
      [13, 34].map((x) => rect(x, 24, 17, 8, wheel, 0) + rect(x + 2, 70, 13, 22, black, 3)).join(''),
  },
  stop: {
    size: [70, 130],
    paint: ({ red, white, metal, darkMetal }) =>
      rect(31, 60, 8, 70, darkMetal) +
      rect(31, 60, 4, 70, metal) +
      shape('M21 2 H49 L68 21 V49 L49 68 H21 L2 49 V21Z', white) +
      shape('M23 6 H47 L64 23 V47 L47 64 H23 L6 47 V23Z', red) +
      line('M19 29 H12 V35 H19 V42 H12 M23 29 H33 M28 29 V42 M37 29 H44 V42 H37Z M49 42 V29 H57 V36 H49', white, 3),
  },
  bear: {
    size: [130, 96],
    paint: ({ brown, darkBrown, black }) =>
      rect(26, 58, 18, 36, darkBrown, 8) +
      rect(84, 58, 18, 36, darkBrown, 8) +
      oval(64, 48, 50, 32, brown) +
      rect(14, 58, 20, 36, brown, 8) +
      rect(72, 58, 20, 36, brown, 8) +
      disc(94, 14, 9, brown) +
      disc(118, 14, 9, brown) +
      disc(106, 30, 22, brown) +
      oval(116, 37, 11, 8, '#d7b79b') +
      oval(120, 33, 5, 4, black) +
      disc(103, 25, 3, black),
  },
  bush: {
    size: [130, 80],
    paint: ({ green, darkGreen }) =>
      disc(30, 50, 28, darkGreen) +
      disc(100, 50, 28, darkGreen) +
      disc(64, 36, 34, green) +
      disc(40, 50, 24, green) +
      disc(90, 52, 24, green) +
      rect(6, 54, 118, 26, darkGreen, 12),
  },
  branch: {
    size: [130, 70],
    paint: ({ darkWood, green, darkGreen }) =>
      line('M4 60 Q60 52 124 22', darkWood, 9) +
      line('M50 52 Q62 34 66 18', darkWood, 6) +
      [
        [66, 14, green],
        [88, 16, darkGreen],
        [112, 16, green],
        [100, 44, green],
        [44, 34, darkGreen],
      ]
        .map(([x, y, fill]) => oval(x as number, y as number, 13, 10, fill as string))
        .join(''),
  },
  bench: {
    size: [140, 80],
    paint: ({ wood, darkWood, black }) =>
      rect(16, 4, 8, 74, black) +
      rect(116, 4, 8, 74, black) +
      rect(4, 8, 132, 11, wood, 4) +
      rect(4, 24, 132, 11, wood, 4) +
      rect(0, 44, 140, 13, wood, 4) +
      rect(0, 53, 140, 5, darkWood),
  },
  fence: {
    size: [150, 76],
    paint: ({ wood, darkWood }) =>
      rect(0, 24, 150, 9, darkWood) +
      rect(0, 52, 150, 9, darkWood) +
      [6, 36, 66, 96, 126].map((x) => shape(`M${x} 76 V12 L${x + 9} 1 L${x + 18} 12 V76Z`, wood)).join(''),
  },
  lamppost: {
    size: [48, 150],
    paint: ({ black, board, darkMetal }) =>
      rect(20, 40, 8, 108, black) +
      rect(12, 138, 24, 12, black, 4) +
      shape('M8 12 H40 L34 42 H14Z', board) +
      shape('M4 14 L24 0 L44 14Z', darkMetal) +
      rect(12, 40, 24, 5, black),
  },
  pole: {
    size: [70, 150],
    paint: ({ darkWood, wood, black }) =>
      rect(30, 2, 11, 148, darkWood) +
      rect(30, 2, 5, 148, wood) +
      rect(4, 18, 62, 8, wood) +
      rect(10, 36, 50, 8, wood) +
      [8, 20, 48, 60].map((x) => rect(x - 2, 10, 5, 9, black)).join(''),
  },
  sign: {
    size: [90, 120],
    paint: ({ wood, darkWood, white, shade }) =>
      rect(40, 50, 11, 70, darkWood) +
      rect(2, 6, 86, 54, wood, 5) +
      rect(9, 13, 72, 40, white, 3) +
      rect(18, 22, 54, 7, shade) +
      rect(18, 36, 40, 7, shade),
  },
  hydrant: {
    size: [80, 110],
    paint: ({ red, wheel, darkMetal }) =>
      rect(8, 96, 64, 14, red, 4) +
      rect(18, 32, 44, 68, red, 4) +
      shape('M16 36 Q16 8 40 8 Q64 8 64 36Z', red) +
      rect(12, 32, 56, 9, wheel, 3) +
      rect(34, 0, 12, 10, darkMetal) +
      rect(4, 54, 14, 18, wheel, 3) +
      rect(62, 54, 14, 18, wheel, 3) +
      disc(40, 62, 13, darkMetal) +
      disc(40, 62, 6, red),
  },
  meter: {
    size: [52, 130],
    paint: ({ darkMetal, metal, pane, black, red }) =>
      rect(21, 60, 10, 70, darkMetal) +
      rect(12, 122, 28, 8, darkMetal, 3) +
      shape('M6 62 V26 Q6 2 26 2 Q46 2 46 26 V62 Q46 68 40 68 H12 Q6 68 6 62Z', metal) +
      shape('M13 32 Q13 10 26 10 Q39 10 39 32Z', pane) +
      rect(24, 16, 4, 16, red) +
      rect(18, 42, 16, 5, black),
  },
  hill: {
    size: [180, 84],
    paint: ({ green, darkGreen }) =>
      shape('M0 84 Q20 30 62 34 Q96 4 132 30 Q166 44 180 84Z', green) +
      shape('M62 34 Q96 4 132 30 Q112 30 100 84 H40 Q70 60 62 34Z', darkGreen),
  },
  box: {
    size: [110, 90],
    paint: ({ wood, darkWood, board }) =>
      rect(6, 26, 98, 64, wood, 3) + shape('M6 26 L20 4 H90 L104 26Z', darkWood) + rect(46, 4, 18, 50, board),
  },
  bottle: {
    size: [44, 120],
    paint: ({ green, darkGreen, white, wood }) =>
      shape('M14 16 H30 V40 Q42 50 42 64 V110 Q42 120 34 120 H10 Q2 120 2 110 V64 Q2 50 14 40Z', green) +
      rect(13, 2, 18, 15, wood) +
      rect(2, 68, 40, 30, white, 0) +
      rect(33, 56, 6, 60, darkGreen),
  },
  bowl: {
    size: [120, 64],
    paint: ({ blue, darkBlue, white }) =>
      shape('M4 12 H116 Q112 60 60 60 Q8 60 4 12Z', blue) +
      oval(60, 12, 57, 11, darkBlue) +
      oval(60, 11, 49, 7, white) +
      rect(38, 56, 44, 8, darkBlue, 3),
  },
  plate: {
    size: [130, 44],
    paint: ({ white, shade, darkMetal }) =>
      oval(65, 24, 64, 19, darkMetal) +
      oval(65, 21, 64, 19, white) +
      oval(65, 20, 42, 11, shade) +
      oval(65, 22, 38, 9, white),
  },
  fork: {
    size: [40, 130],
    paint: ({ metal, darkMetal }) =>
      rect(15, 50, 10, 78, darkMetal, 5) +
      shape('M4 4 H11 V32 H16.5 V4 H23.5 V32 H29 V4 H36 V42 Q36 58 20 60 Q4 58 4 42Z', metal),
  },
  towel: {
    size: [84, 110],
    paint: ({ white, shade, blue, wood }) =>
      rect(0, 2, 84, 9, wood, 4) +
      rect(10, 6, 64, 102, white, 3) +
      rect(10, 80, 64, 8, blue, 0) +
      rect(10, 93, 64, 5, blue, 0) +
      rect(62, 10, 12, 96, shade, 2),
  },
  pillow: {
    size: [120, 76],
    paint: ({ white, shade, pane }) =>
      shape('M6 8 Q60 -2 114 8 Q106 38 114 68 Q60 78 6 68 Q14 38 6 8Z', shade) +
      shape('M8 8 Q60 0 110 9 Q102 36 108 60 Q56 70 10 62 Q17 36 8 8Z', white) +
      line('M20 18 Q40 22 46 34', pane, 4),
  },
  curtain: {
    size: [110, 130],
    paint: ({ stripe, wheel, wood }) =>
      rect(0, 2, 110, 8, wood, 4) +
      shape('M6 8 H46 Q44 70 12 126 H4Z', stripe) +
      shape('M104 8 H64 Q66 70 98 126 H106Z', stripe) +
      shape('M6 8 H22 Q22 70 8 126 H4Z', wheel) +
      shape('M104 8 H88 Q88 70 102 126 H106Z', wheel),
  },
  shelf: {
    size: [110, 130],
    paint: ({ wood, darkWood, red, blue, green, board }) =>
      rect(2, 2, 106, 128, darkWood, 3) +
      [12, 52, 92].map((y) => rect(10, y, 90, 30, '#fff3e0', 0)).join('') +
      [2, 42, 82, 122].map((y) => rect(2, y, 106, 8, wood)).join('') +
      rect(14, 18, 9, 24, red) +
      rect(25, 16, 9, 26, blue) +
      rect(36, 20, 9, 22, green) +
      rect(70, 58, 9, 24, board) +
      rect(81, 56, 9, 26, red),
  },
  cabinet: {
    size: [110, 110],
    paint: ({ wood, darkWood, board }) =>
      rect(8, 100, 10, 10, darkWood) +
      rect(92, 100, 10, 10, darkWood) +
      rect(2, 2, 106, 102, wood, 4) +
      rect(9, 12, 43, 84, darkWood) +
      rect(58, 12, 43, 84, darkWood) +
      rect(13, 16, 35, 76, wood) +
      rect(62, 16, 35, 76, wood) +
      disc(45, 54, 4, board) +
      disc(65, 54, 4, board),
  },
  counter: {
    size: [150, 80],
    paint: ({ white, shade, darkMetal, metal }) =>
      rect(6, 12, 138, 68, white, 3) +
      [10, 56, 102].map((x) => rect(x, 22, 38, 52, shade, 3)).join('') +
      [26, 72, 118].map((x) => rect(x, 28, 8, 4, darkMetal)).join('') +
      rect(0, 2, 150, 13, metal, 4),
  },
  sink: {
    size: [100, 110],
    paint: ({ white, shade, metal, darkMetal }) =>
      rect(40, 58, 20, 52, shade, 3) +
      shape('M4 34 H96 Q94 72 50 72 Q6 72 4 34Z', white) +
      oval(50, 34, 47, 9, shade) +
      line('M50 32 V12 Q50 4 60 4 Q68 4 68 14', darkMetal, 7) +
      rect(38, 26, 24, 7, metal, 3),
  },
  refrigerator: {
    size: [80, 140],
    paint: ({ metal, white, darkMetal }) =>
      rect(2, 2, 76, 136, metal, 7) +
      rect(6, 6, 68, 44, white, 5) +
      rect(6, 54, 68, 80, white, 5) +
      rect(12, 26, 6, 20, darkMetal, 3) +
      rect(12, 60, 6, 30, darkMetal, 3),
  },
  oven: {
    size: [100, 110],
    paint: ({ metal, darkMetal, black, white, board }) =>
      rect(2, 6, 96, 104, metal, 5) +
      rect(0, 2, 100, 9, black, 3) +
      [20, 40, 60, 80].map((x) => disc(x, 22, 6, darkMetal)).join('') +
      rect(12, 42, 76, 56, black, 6) +
      rect(20, 50, 60, 40, board, 4) +
      rect(14, 33, 72, 6, white, 3),
  },
  microwave: {
    size: [120, 74],
    paint: ({ metal, black, pane, darkMetal, green }) =>
      rect(2, 2, 116, 70, metal, 6) +
      rect(10, 11, 74, 52, black, 5) +
      rect(17, 18, 60, 38, pane, 3) +
      rect(91, 12, 19, 10, green, 2) +
      [30, 40, 50].map((y) => rect(91, y, 19, 6, darkMetal, 2)).join(''),
  },
  toaster: {
    size: [110, 80],
    paint: ({ red, metal, darkBrown, board, black }) =>
      rect(22, 2, 26, 30, board, 5) +
      rect(60, 2, 26, 30, board, 5) +
      rect(25, 5, 20, 26, darkBrown, 4) +
      rect(63, 5, 20, 26, darkBrown, 4) +
      rect(8, 20, 94, 54, red, 12) +
      rect(8, 62, 94, 12, metal, 4) +
      rect(98, 34, 11, 8, black, 3) +
      rect(16, 72, 12, 8, black) +
      rect(82, 72, 12, 8, black),
  },
  lamp: {
    size: [76, 110],
    paint: ({ board, wheel, wood, darkWood }) =>
      rect(33, 48, 10, 50, wood) +
      rect(16, 96, 44, 13, darkWood, 5) +
      shape('M22 2 H54 L74 52 H2Z', board) +
      rect(4, 46, 68, 6, wheel),
  },
  remote: {
    size: [40, 120],
    paint: ({ black, red, darkMetal, white }) =>
      rect(2, 2, 36, 116, black, 9) +
      disc(20, 18, 7, red) +
      [38, 54, 70].flatMap((y) => [11, 20, 29].map((x) => disc(x, y, 3.6, white))).join('') +
      disc(20, 96, 11, darkMetal),
  },
  dryer: {
    size: [110, 100],
    paint: ({ stripe, black, darkMetal, wheel }) =>
      shape('M52 46 H78 L72 98 H50Z', wheel) +
      shape('M8 20 L40 12 Q104 4 104 36 Q104 66 60 62 L8 54Z', stripe) +
      rect(2, 18, 12, 38, black, 3) +
      disc(82, 36, 13, darkMetal),
  },
  tie: {
    size: [44, 120],
    paint: ({ red, stripe, darkBlue }) =>
      shape('M10 2 H34 L28 22 H16Z', darkBlue) +
      shape('M16 20 H28 L40 94 L22 118 L4 94Z', red) +
      line('M12 62 L32 46', darkBlue, 6) +
      line('M10 88 L36 68', darkBlue, 6) +
      shape('M22 104 L34 92 L22 118Z', stripe),
  },
  racket: {
    size: [60, 130],
    paint: ({ red, white, darkWood }) =>
      `<ellipse cx="30" cy="40" rx="25" ry="35" fill="${white}" stroke="${red}" stroke-width="7"/>` +
      line('M18 14 V66 M30 8 V72 M42 14 V66 M8 30 H52 M7 44 H53 M10 58 H50', '#b0bec5', 2) +
      rect(26, 74, 9, 22, red) +
      rect(24, 92, 13, 37, darkWood, 5),
  },
  bat: {
    size: [40, 130],
    paint: ({ wood, darkWood, black }) =>
      shape('M8 14 Q8 2 20 2 Q32 2 32 14 L25 96 H15Z', wood) +
      rect(15, 88, 10, 36, black, 3) +
      rect(11, 120, 18, 9, darkWood, 4),
  },
  mitt: {
    size: [100, 100],
    paint: ({ brown, darkBrown }) =>
      shape(
        'M20 92 Q4 60 12 26 Q16 8 26 22 Q28 2 40 6 Q48 -2 54 10 Q64 2 70 16 Q82 14 82 34 Q98 38 90 58 Q84 84 66 96 Z',
        brown,
      ) + line('M30 24 L36 56 M45 14 L48 54 M60 18 L60 56 M74 30 L70 58 M26 82 Q48 92 66 84', darkBrown, 5),
  },
};

/** @returns an SVG document. @throws RangeError for a drawing that does not exist. */
export function ownDrawing(name: string, artist: Artist): string {
  const drawing = drawings[name];
  if (!drawing) throw new RangeError(`no drawing of our own is called ${JSON.stringify(name)}`);
  const [width, height] = drawing.size;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${drawing.paint(palettes[artist])}</svg>`;
}
