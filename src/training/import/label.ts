/** Words of annotators: " TRAFFIC Light" and "traffic light" are one. */
import * as v from 'valibot';
import { wordSchema } from '#graph/files/checks/file-schema.ts';

/** A label, predicate or attribute, tidied as the editor's readers do it. */
export const labelSchema = v.pipe(wordSchema, v.toLowerCase());

export type OddWord = 'is empty' | 'is too long';

/** @returns what is wrong with a word that no graph can hold, in place of the tidied one */
export function tidyLabel(text: string): { readonly word: string } | { readonly odd: OddWord } {
  const result = v.safeParse(labelSchema, text);
  if (result.success) return { word: result.output };
  return { odd: result.issues[0].type === 'max_length' ? 'is too long' : 'is empty' };
}
