/** Things that no emoji set draws on their own, in the palette of each style. Drawn for this project. */
import type { Style } from './setting.ts';

interface Palette {
  readonly wood: string;
  readonly darkWood: string;
  readonly board: string;
  readonly stripe: string;
  readonly deck: string;
  readonly wheel: string;
}

const palettes: Record<Style, Palette> = {
  noto: {
    wood: '#b7793c',
    darkWood: '#8a5527',
    board: '#fdd835',
    stripe: '#e53935',
    deck: '#455a64',
    wheel: '#ef6c00',
  },
  twemoji: {
    wood: '#c1694f',
    darkWood: '#8a4633',
    board: '#ffcc4d',
    stripe: '#dd2e44',
    deck: '#664500',
    wheel: '#be1931',
  },
  fluent: {
    wood: '#a56953',
    darkWood: '#6d4534',
    board: '#ffb02e',
    stripe: '#f92f60',
    deck: '#433b6b',
    wheel: '#f8312f',
  },
};

/** @returns an SVG document. @throws RangeError for a drawing that does not exist. */
export function ownDrawing(name: string, style: Style): string {
  const { wood, darkWood, board, stripe, deck, wheel } = palettes[style];
  const rect = (x: number, y: number, w: number, h: number, fill: string, rx = 2) =>
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${rx}" fill="${fill}"/>`;
  switch (name) {
    case 'table':
      return svg(
        132,
        84,
        rect(14, 12, 11, 70, darkWood) +
          rect(107, 12, 11, 70, darkWood) +
          rect(12, 12, 108, 14, darkWood, 3) +
          rect(2, 2, 128, 14, wood, 5),
      );
    case 'skateboard': {
      const wheelAt = (x: number) =>
        `<circle cx="${x}" cy="30" r="8" fill="${wheel}"/><circle cx="${x}" cy="30" r="3" fill="#fff"/>`;
      return svg(
        132,
        40,
        `<path d="M6 6 Q14 17 28 17 H104 Q118 17 126 6" fill="none" stroke="${deck}" stroke-width="9" stroke-linecap="round"/>${wheelAt(36)}${wheelAt(96)}`,
      );
    }
    case 'surfboard':
      return svg(
        160,
        36,
        `<path d="M2 14 Q30 33 80 33 Q135 33 158 8 Q120 6 80 8 Q30 8 2 14Z" fill="${board}"/><path d="M10 18 Q70 22 150 13 Q120 23 80 24 Q40 25 10 18Z" fill="${stripe}"/>`,
      );
    default:
      throw new RangeError(`no drawing of our own is called ${JSON.stringify(name)}`);
  }
}

const svg = (width: number, height: number, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`;
