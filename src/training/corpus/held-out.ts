/** Triples that no training graph contains: a test graph that has one asks for something never asked before (zero-shot). */
import { inversePredicate, type Predicate } from './world.ts';

export interface LabelTriple {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
}

/** One in this many. */
const SHARE = 20;
const SALT = 'picturebook 17';
/** Of two inverse predicates the one that names the triple, so that a triple is held out together with its inverse. */
const canonical = new Set<string>(['left of', 'above', 'inside', 'on', 'behind']);

/** Decided by a hash of the words alone. */
export function isHeldOut(triple: LabelTriple): boolean {
  const inverse = inversePredicate[triple.predicate as Predicate];
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
