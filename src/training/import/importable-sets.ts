/** The data sets that can be imported, by the names that the command line takes. */

/** Prepared as sg2im does, for which there are published scores. */
export const sg2imSets = ['visual-genome', 'coco-stuff'] as const;
/** Published as graphs of photographs, which the editor opens as well. */
const annotatedSets = ['gqa', 'psg', 'laion-sg', 'region-graphs'] as const;
export type AnnotatedSet = (typeof annotatedSets)[number];
export const importableSets = [...sg2imSets, ...annotatedSets] as const;
export type ImportableSet = (typeof importableSets)[number];
