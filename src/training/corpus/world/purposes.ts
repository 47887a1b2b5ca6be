/** Scenes of the train split have a range of their own for each purpose: the verifier shares none with another stage. */
const purposes = ['autoencoder', 'clip', 'verifier', 'latents', 'sheet', 'student'] as const;
export type LoaderPurpose = (typeof purposes)[number];

/** 50 million apart: more than any stage can use. */
const RANGE = 50_000_000;

/** Index of a purpose's first scene. */
export const firstSceneOf = (purpose: LoaderPurpose): number => purposes.indexOf(purpose) * RANGE;
