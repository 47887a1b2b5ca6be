/**
 * JSON in ASCII alone, everything else as \u escapes: it survives a chunk that holds Latin-1, XML that cannot hold every
 * character, and programs that write a file anew in another encoding.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
