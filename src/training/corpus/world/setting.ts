/** Where a scene is and who draws it: styles, grounds, and what is above the horizon. */

/** Whose shapes a drawing has; icon sets of the iconify packages. */
export const artists = ['noto', 'twemoji', 'fluent', 'fluent-3d'] as const;
export type Artist = (typeof artists)[number];

/** By their names in the model's vocabulary. The last two are the first two artists' shapes in other colours: a shape is learned once. */
export const styles = [...artists, 'pencil', 'pastel'] as const;
export type Style = (typeof styles)[number];

export function artistOf(style: Style): Artist {
  if (style === 'pencil') return 'noto';
  return style === 'pastel' ? 'twemoji' : style;
}

export const grounds = [
  'grass',
  'field',
  'dirt',
  'sand',
  'snow',
  'road',
  'ocean',
  'floor',
  'sidewalk',
  'river',
  'track',
  'tile',
  'carpet',
] as const;
export type Ground = (typeof grounds)[number];

/** What fills the picture above the horizon: the wall stands on floors, the sky on everything else. */
export const backdrops = ['sky', 'wall'] as const;
export type Backdrop = (typeof backdrops)[number];

const rooms: readonly Ground[] = ['floor', 'tile', 'carpet'];
export const backdropOf = (ground: Ground): Backdrop => (rooms.includes(ground) ? 'wall' : 'sky');

/** Other names of grounds and backdrops. */
export const regionNames: Partial<Record<Ground | Backdrop, readonly string[]>> = {
  grass: ['ground'],
  dirt: ['ground'],
  sand: ['beach'],
  road: ['street'],
  ocean: ['water', 'wave'],
  river: ['water'],
};

/** Attribute of the sky in a scene by night. */
export const NIGHT = 'night';
