/** Where a scene is and who draws it: styles, grounds, and what is above the horizon. */

/** Icon sets of the iconify packages, by the style's name in the model's vocabulary. */
export const styles = ['noto', 'twemoji', 'fluent'] as const;
export type Style = (typeof styles)[number];

export const grounds = ['grass', 'field', 'dirt', 'sand', 'snow', 'road', 'ocean', 'floor'] as const;
export type Ground = (typeof grounds)[number];

/** What fills the picture above the horizon: the wall stands on the floor, the sky on everything else. */
export const backdrops = ['sky', 'wall'] as const;
export type Backdrop = (typeof backdrops)[number];

export const backdropOf = (ground: Ground): Backdrop => (ground === 'floor' ? 'wall' : 'sky');

/** Other names of grounds and backdrops. */
export const regionNames: Partial<Record<Ground | Backdrop, readonly string[]>> = {};
