/** Colour words that mean the colour of that name in CSS. */
const colours = new Set(
  'red orange yellow green blue purple pink brown black white gray grey beige tan gold silver'.split(' '),
);

/** The colour that an attribute names; as much room for one that names none, so that words stand in one column. */
export function Swatch({ word }: { word: string }) {
  return (
    <span className="swatch" aria-hidden style={colours.has(word) ? { background: word } : { visibility: 'hidden' }} />
  );
}
