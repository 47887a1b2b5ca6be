/** Any text at all: control characters and lone surrogates too. */
import fc from 'fast-check';

/** One unit of UTF-16. fast-check's own `binary` takes a second to set itself up. */
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

export const texts = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit, maxLength });
