/** An id that nobody draws again. `crypto.randomUUID` is missing on pages that come over plain http. */
export const freshId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
