/** A picture's annotations in the making: what annotators got wrong is left out and told, the rest is the picture. */
import * as v from 'valibot';
import { GRAPH_BOUNDS } from '#graph/bounds.ts';
import { faultOf, joinPath, wordSchema } from '#graph/files/checks/file-schema.ts';
import { GraphFormatError } from '#graph/files/checks/graph-format-error.ts';
import type { LeftOut } from '#graph/files/checks/left-out.ts';
import type { IndexedRelation } from '#graph/indexed-graph.ts';
import type { AnnotatedPicture, PixelBox } from './annotated-picture.ts';

type What = 'object' | 'relation';

/** `Id` is what the file calls its objects by. Paths begin where the record does. */
export class Draft<Id> {
  private readonly objects: AnnotatedPicture['objects'][number][] = [];
  private readonly indexOf = new Map<Id, number>();
  private readonly relations: IndexedRelation[] = [];
  private readonly triples = new Set<string>();
  private firstFault: GraphFormatError | undefined;
  private readonly at: string;
  private readonly leftOut: LeftOut;

  /** @param at path of the record in its file */
  constructor(at: string, leftOut: LeftOut) {
    this.at = at;
    this.leftOut = leftOut;
  }

  /** Every entry that the schema accepts; the others are left out. */
  each<Schema extends v.GenericSchema>(
    what: What,
    list: readonly unknown[],
    schema: Schema,
    path: string,
    use: (entry: v.InferOutput<Schema>, path: string, index: number) => void,
  ): void {
    for (const [i, item] of list.entries()) {
      const entryPath = `${path}[${i}]`;
      this.entry(what, item, schema, entryPath, (entry) => use(entry, entryPath, i));
    }
  }

  /** The entry, if the schema accepts it. */
  entry<Schema extends v.GenericSchema>(
    what: What,
    item: unknown,
    schema: Schema,
    path: string,
    use: (entry: v.InferOutput<Schema>) => void,
  ): void {
    const parsed = v.safeParse(schema, item, { abortEarly: true });
    if (parsed.success) use(parsed.output);
    else this.refuse(what, parsed.issues[0], path);
  }

  /** An object that is there already keeps its first name. */
  add(id: Id, name: unknown, attributes: readonly unknown[], box: PixelBox | undefined, path: string): void {
    if (this.indexOf.has(id)) return;
    const label = v.safeParse(wordSchema, name);
    if (!label.success) {
      this.refuse('object', label.issues[0], path);
      return;
    }
    if (this.objects.length === GRAPH_BOUNDS.objects) throw this.tooLarge('objects', GRAPH_BOUNDS.objects);
    this.indexOf.set(id, this.objects.length);
    this.objects.push({ label: label.output.toLowerCase(), attributes: this.attributesOf(attributes, path), box });
  }

  relate(subject: Id, predicate: unknown, object: Id, path: string): void {
    const parsed = v.safeParse(wordSchema, predicate);
    if (!parsed.success) {
      this.refuse('relation', parsed.issues[0], path);
      return;
    }
    const word = parsed.output.toLowerCase();
    const [from, to] = [this.indexOf.get(subject), this.indexOf.get(object)];
    if (from === undefined || to === undefined)
      this.drop(path, word, 'which names an object that the record does not have');
    else if (from === to) this.drop(path, word, 'which relates an object to itself');
    else {
      const key = `${from} ${to} ${word}`;
      if (this.triples.has(key)) {
        this.drop(path, word, 'which is there already');
        return;
      }
      if (this.relations.length === GRAPH_BOUNDS.relations) throw this.tooLarge('relations', GRAPH_BOUNDS.relations);
      this.triples.add(key);
      this.relations.push({ subject: from, predicate: word, object: to });
    }
  }

  /** @throws GraphFormatError when there were objects and none could be read */
  picture(): AnnotatedPicture {
    const { objects, relations } = this;
    if (objects.length === 0 && this.firstFault) throw this.firstFault;
    return { objects, relations };
  }

  private attributesOf(words: readonly unknown[], path: string): readonly string[] {
    const kept = new Set<string>();
    for (const word of words) {
      const parsed = v.safeParse(wordSchema, word);
      if (parsed.success && kept.size < GRAPH_BOUNDS.attributes) kept.add(parsed.output.toLowerCase());
      else if (!parsed.success || !kept.has(parsed.output.toLowerCase())) {
        const why = parsed.success ? `is more than ${GRAPH_BOUNDS.attributes}` : parsed.issues[0].message;
        this.leftOut.add(
          () => `${joinPath(this.at, path)}: dropped an attribute, which ${why}`,
          `attribute: ${parsed.success ? why : wrongWith(parsed.issues[0])}`,
        );
      }
    }
    return [...kept];
  }

  private refuse(what: What, issue: v.BaseIssue<unknown>, path: string): void {
    const fault = faultOf(issue, joinPath(this.at, path));
    this.firstFault ??= fault;
    this.leftOut.add(() => `${fault.message}; it was left out`, `${what}: ${wrongWith(issue)}`);
  }

  private drop(path: string, predicate: string, why: string): void {
    this.leftOut.add(() => `${joinPath(this.at, path)}: dropped "${predicate}", ${why}`, `relation: ${why}`);
  }

  private tooLarge(what: string, most: number): GraphFormatError {
    return new GraphFormatError(
      'too-large',
      joinPath(this.at, what),
      `has more than ${most} entries, at most ${most} are allowed`,
    );
  }
}

/** The same for every entry at fault: without its length. */
function wrongWith(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'max_length') return 'a word is too long';
  return issue.received === 'undefined' ? 'a part is missing' : issue.message;
}
