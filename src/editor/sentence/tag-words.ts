/** Words with their parts of speech, by compromise. Loaded only when a text is to be read. */
import nlp from 'compromise/two';
import { GENITIVE, type SentenceWord } from '#graph/sentence/tagged-words.ts';

interface Term {
  readonly text: string;
  readonly normal: string;
  readonly implicit?: string;
  readonly root?: string;
  readonly post: string;
  readonly tags: readonly string[];
}

/** Whatever ends a thought; a number before a full stop is no list's ("sheep 2."). */
const ends = /[\n\r;:]+|(?<=\d)\.\s/;

export function tagWords(text: string): readonly SentenceWord[] {
  return text.split(ends).flatMap(tagPart);
}

function tagPart(text: string): readonly SentenceWord[] {
  const doc = nlp(text.replace(/[()[\]"“”]+/g, ' '));
  doc.compute('root');
  // The roots are there, and its types do not know it.
  const options: object = { root: true };
  const sentences = doc.json(options) as readonly { readonly terms: readonly Term[] }[];
  return sentences.flatMap(({ terms }) =>
    terms.flatMap((term, i): readonly SentenceWord[] => {
      const word = (term.implicit || term.normal).toLowerCase();
      const stop = i === terms.length - 1 ? 'end' : /[,–—]/.test(term.post) ? 'comma' : 'none';
      const whole: SentenceWord = {
        text: term.text,
        word,
        root: (term.root || word).toLowerCase(),
        kind: kindOf(term.tags),
        stop,
      };
      return genitive.test(word) ? halves(whole) : [whole];
    }),
  );
}

const genitive = /^\p{L}{2,}(?:['’]s|s['’])$/u;

/** "zebra's" → zebra and the sign of whose it is. */
function halves(whole: SentenceWord): readonly SentenceWord[] {
  const word = whole.word.replace(/(?<!s)['’]s$|['’]$|['’]s$/u, '');
  const owner: SentenceWord = { ...whole, word, root: word, kind: 'noun', stop: 'none' };
  return [owner, { text: '', word: GENITIVE, root: GENITIVE, kind: 'other', stop: whole.stop }];
}

function kindOf(tags: readonly string[]): SentenceWord['kind'] {
  const has = (tag: string) => tags.includes(tag);
  if (has('Pronoun') || has('Determiner') || has('Preposition') || has('Conjunction')) return 'other';
  if (has('Value')) return 'number';
  if (has('Verb')) return 'verb';
  if (has('Noun')) return 'noun';
  return has('Adjective') ? 'adjective' : 'other';
}
