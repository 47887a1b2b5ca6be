/** The data sets that can be imported, by the names that the command line takes. */
export const importableSets = ['visual-genome', 'coco-stuff'] as const;
export type ImportableSet = (typeof importableSets)[number];
