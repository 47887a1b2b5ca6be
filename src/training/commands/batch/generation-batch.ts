/** A run of many pictures: which of them are there already, and a page that shows them all with their captions and marks. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, parse, relative } from 'node:path';
import * as v from 'valibot';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { TextPrompt, Verdict, Verification } from '#engine/contract/protocol.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { html } from '#training/report/html.ts';
import { verdicts } from './result-store.ts';

/** One picture: a line of the journal. */
const entrySchema = v.object({
  /** Relative to the journal. */
  file: v.string(),
  /** Of everything that decides its pixels. */
  key: v.string(),
  seed: v.number(),
  /** A prompt, or objects and relations, each with what the verifier says of it; none where there is no verifier. */
  captions: v.array(v.object({ text: v.string(), verdict: v.optional(v.picklist(verdicts)) })),
});
type Entry = v.InferOutput<typeof entrySchema>;

export interface BatchOptions {
  /** As `--out` says: the journal lies beside it, out.png → out.jsonl. */
  readonly out: string;
  /** Take what an earlier run has painted; otherwise the journal begins anew. */
  readonly isResumed: boolean;
  /** What decides a picture beside its graph and settings: the model and its weights. */
  readonly painter: unknown;
}

export class GenerationBatch {
  readonly #options: BatchOptions;
  readonly #journal: string;
  readonly #earlier: ReadonlyMap<string, Entry>;
  readonly #entries: Entry[] = [];

  constructor(options: BatchOptions) {
    this.#options = options;
    const { dir, name } = parse(options.out);
    this.#journal = join(dir, `${name}.jsonl`);
    const entries = options.isResumed ? readJournal(this.#journal) : [];
    this.#earlier = new Map(entries.map((entry) => [entry.file, entry]));
    mkdirSync(dirname(this.#journal), { recursive: true });
    // Anew, without a line that a kill has cut: the next one would be joined to it.
    replaceFile(this.#journal, [...this.#earlier.values()].map(lineOf).join(''));
  }

  /** Whether the picture is there, of this very graph, by this very model, with these settings. */
  isDone(file: string, subject: SceneGraph | TextPrompt, settings: GenerationSettings): boolean {
    const entry = this.#earlier.get(this.#nameOf(file));
    if (entry?.key !== this.#keyOf(subject, settings) || !existsSync(file)) return false;
    this.#entries.push(entry);
    return true;
  }

  /** A picture that was written. */
  add(file: string, subject: SceneGraph | TextPrompt, settings: GenerationSettings, verification: Verification): void {
    const captions = captionsOf(subject, verification);
    const entry = { file: this.#nameOf(file), key: this.#keyOf(subject, settings), seed: settings.seed, captions };
    this.#entries.push(entry);
    appendFileSync(this.#journal, lineOf(entry));
  }

  /** @returns its path: index.html, or out.html where an index.html is somebody else's */
  writePage(title: string): string {
    const mark = `Sgraffito, ${basename(this.#journal)}`;
    const index = join(dirname(this.#journal), 'index.html');
    const isForeign = existsSync(index) && !readFileSync(index, 'utf8').includes(mark);
    const file = isForeign ? this.#journal.replace(/\.jsonl$/, '.html') : index;
    const entries = this.#entries.toSorted((a, b) => inOrder.compare(a.file, b.file));
    replaceFile(file, page(title, mark, entries));
    return file;
  }

  #nameOf(file: string): string {
    return relative(dirname(this.#journal), file);
  }

  #keyOf(subject: SceneGraph | TextPrompt, settings: GenerationSettings): string {
    const content = JSON.stringify([this.#options.painter, subject, settings]);
    return createHash('sha256').update(content).digest('hex').slice(0, 32);
  }
}

const lineOf = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

/** out-2.png before out-10.png, whichever was painted first. */
const inOrder = new Intl.Collator('en', { numeric: true });

/** A line that a kill has cut is none. */
function readJournal(file: string): Entry[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [v.parse(entrySchema, JSON.parse(line))];
      } catch {
        return [];
      }
    });
}

function captionsOf(subject: SceneGraph | TextPrompt, { objects, relations }: Verification): Entry['captions'] {
  if ('prompt' in subject) return [{ text: subject.prompt }];
  const labels = new Map(subject.objects.map(({ id, label }) => [id, label]));
  return [
    ...subject.objects.map(({ id, label, attributes }) => ({
      text: [...attributes, label].join(' '),
      verdict: objects[id],
    })),
    ...subject.relations.map(({ id, subject: from, predicate, object: to }) => ({
      text: `${labels.get(from)} ${predicate} ${labels.get(to)}`,
      verdict: relations[id],
    })),
  ];
}

const marks: Readonly<Record<Verdict, string>> = { found: '✓', missing: '✗', unsure: '?' };

const page = (title: string, mark: string, entries: readonly Entry[]): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${mark}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>
body { margin: 2rem auto; padding: 0 1rem; max-width: 80rem; font: 0.9rem/1.4 system-ui, sans-serif; color-scheme: light dark; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 1.5rem; }
figure { margin: 0; overflow-wrap: anywhere; }
img { width: 100%; }
ul { margin: 0.3rem 0 0; padding: 0; list-style: none; }
</style>
</head>
<body>
<h1>${title}</h1>
<p>${entries.length} pictures. ✓ the verifier finds it, ✗ it does not, ? it cannot tell.</p>
<main>
${entries.map(
  ({
    file,
    seed,
    captions,
  }) => html`<figure><img loading="lazy" src="${encodeURI(file)}" alt="${captions.map(({ text }) => text).join(', ')}">
<figcaption>${file}, seed ${seed}<ul>${captions.map(({ text, verdict }) => html`<li>${verdict && marks[verdict]} ${text}</li>`)}</ul></figcaption></figure>
`,
)}</main>
</body>
</html>
`.text;
