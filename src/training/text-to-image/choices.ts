/** What learns: the adapter alone; low-rank updates of cross-attention's keys and values as well (Hu et al. 2021); every weight. */
export const trainables = ['adapter', 'low-rank', 'everything'] as const;
export type Trainable = (typeof trainables)[number];

export const precisions = ['single', 'half'] as const;
export type Precision = (typeof precisions)[number];

/** In the order of the road. */
export const baseStages = ['features', 'graph-encoder', 'finetune', 'package', 'evaluate', 'report'] as const;
export type BaseStage = (typeof baseStages)[number];
