/** What sg2im keeps of Visual Genome (google/sg2im, scripts/preprocess_vg.py), and we of sets like it. */

/** Occurrences in the train split that a word needs. */
export interface WordThresholds {
  readonly objects: number;
  readonly predicates: number;
  readonly attributes: number;
}
export const publishedThresholds: WordThresholds = { objects: 2000, predicates: 500, attributes: 2000 };

/** Pixels of the shorter side, of photographs and of the boxes in them. */
export const prepared = { imageSide: 200, objectSide: 32 } as const;

const OBJECTS = { min: 3, max: 30 };
const RELATIONS = { min: 1, max: 30 };

/** @returns why a graph of so many is left out */
export function boundsReason(objects: number, relations: number): string | undefined {
  return outside(objects, OBJECTS, 'objects') ?? outside(relations, RELATIONS, 'relations');
}

function outside(count: number, { min, max }: { min: number; max: number }, what: string): string | undefined {
  if (count < min) return `${what} fewer than ${min}`;
  return count > max ? `${what} more than ${max}` : undefined;
}
