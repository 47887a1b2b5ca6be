/**
 * The order of S_cond's tokens, said here alone: G_global, O objects, T relations, style. O and T are those of the tensors that were encoded,
 * padding included. Networks, attention maps, inpainting and losses ask here which token stands where.
 */

export interface SCondLayout {
  /** S = 1 + O + T + 1. */
  readonly tokens: number;
  readonly global: number;
  readonly objects: TokenRange;
  readonly relations: TokenRange;
  readonly style: number;
}

export interface TokenRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export function sCondLayout(padded: { readonly objects: number; readonly relations: number }): SCondLayout {
  const objects = { start: 1, end: 1 + padded.objects };
  const relations = { start: objects.end, end: objects.end + padded.relations };
  return { tokens: relations.end + 1, global: 0, objects, relations, style: relations.end };
}

/** The parts of S_cond, or of its mask, as they are to be joined. */
export function inSCondOrder<Part>(
  parts: Readonly<Record<'global' | 'objects' | 'relations' | 'style', Part>>,
): Part[] {
  return [parts.global, parts.objects, parts.relations, parts.style];
}
