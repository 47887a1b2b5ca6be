/** JSON as Python writes it: its json module has bare NaN, Infinity and -Infinity, which JSON (RFC 8259) has not. */

/** A text, or one of Python's words outside of every text. */
const TEXT_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** Numbers that are not finite become null. @throws SyntaxError when the text is no JSON otherwise */
export function parsePythonJson(text: string): unknown {
  return JSON.parse(text.replace(TEXT_OR_WORD, (found) => (found.startsWith('"') ? found : 'null')));
}
