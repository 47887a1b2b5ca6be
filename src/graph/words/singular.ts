const irregular: Readonly<Record<string, string>> = {
  men: 'man',
  women: 'woman',
  children: 'child',
  people: 'person',
  mice: 'mouse',
  geese: 'goose',
  feet: 'foot',
  teeth: 'tooth',
  wolves: 'wolf',
  calves: 'calf',
  leaves: 'leaf',
  shelves: 'shelf',
  knives: 'knife',
  loaves: 'loaf',
};

/** What the singular of an English word may be, the likeliest first: "ponies" → pony, "foxes" → foxe and fox, "men" → man. */
export function singularsOf(word: string): readonly string[] {
  if (Object.hasOwn(irregular, word)) return [irregular[word]!];
  if (word.length < 4 || !word.endsWith('s')) return [];
  const withoutS = word.slice(0, -1);
  if (word.endsWith('ies')) return [`${word.slice(0, -3)}y`, withoutS];
  return word.endsWith('es') ? [withoutS, word.slice(0, -2)] : [withoutS];
}
