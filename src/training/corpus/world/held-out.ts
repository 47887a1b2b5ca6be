/** Triples that no training graph contains: a test graph that has one asks for something never asked before (zero-shot). */
import { meaningsOf } from './phrases.ts';
import { inversePredicate, type Predicate, relationKindOf } from './world.ts';

export interface LabelTriple {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
}

/** One in this many. */
const SHARE = 20;
const SALT = 'picturebook 17';
/** Of two inverse predicates the one that names the triple, so that a triple is held out together with its inverse. */
const canonical = new Set<string>(['left of', 'above', 'inside', 'on', 'behind', 'has']);

/**
 * Whether no training graph says this in any words: a lady near a cup is a woman next to a cup. A word with several meanings is held out
 * where all of them are.
 */
export function isHeldOut({ subject, predicate, object }: LabelTriple): boolean {
  const kind = relationKindOf(predicate);
  const [subjects, objects] = [meaningsOf(subject), meaningsOf(object)];
  if (!kind || subjects.length === 0 || objects.length === 0) return false;
  return subjects.every((s) => objects.every((o) => isDrawnHeldOut({ subject: s, predicate: kind, object: o })));
}

/** Decided by a hash of kind and drawn labels alone. */
function isDrawnHeldOut(triple: LabelTriple & { readonly predicate: Predicate }): boolean {
  const inverse = inversePredicate[triple.predicate];
  const mirrored =
    inverse !== undefined &&
    (canonical.has(inverse) || (inverse === triple.predicate && triple.object < triple.subject));
  const { subject, predicate, object } = mirrored
    ? { subject: triple.object, predicate: inverse, object: triple.subject }
    : triple;
  return fnv1a(`${SALT}|${subject}|${predicate}|${object}`) % SHARE === 0;
}

/** 32-bit FNV-1a (Fowler, Noll and Vo 1991) over UTF-16 units, stirred once so that the low bits depend on every letter. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
