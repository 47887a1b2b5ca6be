/** CLIP's real vocabulary ships in no package; this one is a few of its entries under their published numbers. */
import { expect, it } from 'vitest';
import { ClipTokenizer } from './clip-tokenizer.ts';
import { packPrompts } from './prompt.ts';

const numbers = { 'a</w>': 320, 'of</w>': 539, 'photo</w>': 1125, 'cat</w>': 2368 };
const special = { '<|startoftext|>': 49406, '<|endoftext|>': 49407 };
const letters = Object.fromEntries([...'!photfca'].map((letter, id) => [letter, id]));
const merges = ['p h', 'ph o', 'pho t', 'phot o</w>', 'o f</w>', 'c a', 'ca t</w>'];
const vocabulary = {
  ...letters,
  'o</w>': 20,
  '!</w>': 256,
  'f</w>': 21,
  't</w>': 22,
  ph: 23,
  pho: 24,
  phot: 25,
  ca: 26,
  ...numbers,
  ...special,
};
const open = (pad_token?: string) =>
  ClipTokenizer.open(
    { definition: { vocabulary, merges: `#version: 0.2\n${merges.join('\n')}\n` }, config: { pad_token } },
    77,
  );

it('gives the published numbers of “a photo of a cat”, padded to 77', async () => {
  const ids = [...(await open()).prompt('A  photo of a CAT')];
  expect(ids).toEqual([49406, 320, 1125, 539, 320, 2368, ...new Array<number>(71).fill(49407)]);
});

it('pads with 0 where the tokenizer pads with “!”, as SD-Turbo’s', async () => {
  const ids = [...(await open('!')).prompt('a cat')];
  expect(ids).toEqual([49406, 320, 2368, 49407, ...new Array<number>(73).fill(0)]);
});

it('reads “!” as the padding it is where the tokenizer pads with it, and as a sign elsewhere', async () => {
  expect((await open('!')).encode('a cat!')).toEqual([320, 2368, 0]);
  expect((await open()).encode('a cat!')).toEqual([320, 2368, 256]);
});

it('packs phrases into prompts without cutting one', () => {
  const count = (text: string) => text.split(' ').length;
  expect(packPrompts(['a b', 'c d', 'e f'], count, 4)).toEqual({ prompts: ['a b, c d', 'e f'], promptOf: [0, 0, 1] });
  expect(packPrompts(['a', 'b c d'], count, 2)).toEqual({ prompts: ['a'], promptOf: [0], tooLong: 'b c d' });
});
