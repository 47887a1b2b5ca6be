/** The scene that a text builds up: its objects, their relations, and what could not be said in the model's words. */
import { documentOf } from '#graph/indexed-graph.ts';
import { layOut } from '#graph/places/layout.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { GraphLimits, Vocabulary } from '#graph/vocabulary.ts';
import type { CountedTriple } from '#graph/words/likely-predicates.ts';
import { phrasesOf, predicateFor } from '#graph/words/predicate-phrases.ts';
import { singularsOf } from '#graph/words/singular.ts';
import type { Link, Mention } from './chunk.ts';
import { References } from './references.ts';
import type { WordRole } from './tagged-words.ts';

export interface SentenceKnowledge {
  /** Null for a model that takes every word. */
  readonly vocabulary: Vocabulary | null;
  /** Triples of a corpus: they decide what vague words mean, and who does what. */
  readonly likely: readonly CountedTriple[];
  readonly limits: GraphLimits;
}

/** Two objects that the text relates by words for which the model has no predicate. */
export interface OpenRelation {
  /** Ids in the graph. */
  readonly subject: string;
  readonly object: string;
  /** "eating" */
  readonly words: string;
}

export interface SentenceReading {
  /** Laid out. */
  readonly graph: SceneGraph;
  readonly open: readonly OpenRelation[];
  /** Every word of the text in its order, and what became of it. */
  readonly words: readonly { readonly text: string; readonly role: WordRole }[];
  /** What was taken for something else or assumed, one sentence each. */
  readonly notes: readonly string[];
}

/** Numbers of objects that are spoken of together. */
export type Group = readonly number[];

/** They are done one by one: three men riding three horses ride a horse each. */
const oneEach = /^(?:riding|holding|wearing|carrying|driving|eating)/;

export class SpokenScene {
  readonly references: References;
  readonly notes = new Set<string>();
  private readonly relations: { subject: number; predicate: string; object: number }[] = [];
  private readonly open: { subject: number; words: string; object: number }[] = [];
  private readonly knowledge: SentenceKnowledge;

  constructor(knowledge: SentenceKnowledge) {
    this.knowledge = knowledge;
    this.references = new References(knowledge.limits.objects);
  }

  /** @param taken objects that cannot be meant */
  mention(mention: Mention, taken: Group): Group {
    const { ids, note } = this.references.resolve(mention, taken);
    if (note !== undefined) this.notes.add(note);
    const name = mention.name.toLowerCase();
    const isForm = name === mention.label || singularsOf(name).includes(mention.label);
    if (mention.isKnown && !isForm) this.notes.add(`“${mention.name}” is drawn as ${mention.label}.`);
    return ids;
  }

  /** Every subject with every object. @returns whether the model has a predicate for it; what it has none for stays open */
  relate(subjects: Group, link: Link, objects: Group): boolean {
    let isSaid = false;
    const [from, to] = link.isPassive ? [objects, subjects] : [subjects, objects];
    const { likely, vocabulary } = this.knowledge;
    const isOneEach = from.length > 1 && from.length === to.length && oneEach.test(link.gerund ?? '');
    for (const [i, subject] of from.entries()) {
      for (const object of isOneEach ? [to[i]!] : to) {
        if (subject === object) continue;
        const labels = [subject, object].map((id) => this.references.objects[id]!.label);
        const ends = { subject: labels[0]!, object: labels[1]! };
        const predicate = predicateFor(link, { predicates: vocabulary?.predicates ?? null, likely }, ends);
        if (predicate === undefined) {
          this.open.push({ subject, words: link.name, object });
          continue;
        }
        isSaid = true;
        if (!says(link, predicate)) this.notes.add(`“${link.name}” is taken as ${predicate}.`);
        const isThere = this.relations.some(
          (r) => r.subject === subject && r.predicate === predicate && r.object === object,
        );
        if (!isThere) this.relations.push({ subject, predicate, object });
      }
    }
    return isSaid;
  }

  /** As far as the model has room. */
  read(): Omit<SentenceReading, 'words'> {
    const spoken = this.references.objects;
    // "sheep 2" comes after "sheep 1", whichever was named first.
    const order = [...spoken.keys()].sort((a, b) => (spoken[a]!.index ?? 0) - (spoken[b]!.index ?? 0) || a - b);
    const objects = order.map((i) => spoken[i]!);
    const kept = this.relations.slice(0, this.knowledge.limits.relations);
    if (kept.length < this.relations.length) {
      this.notes.add(`A graph of this model has room for ${kept.length} relations; the rest was left out.`);
    }
    const relations = kept.map(({ subject, predicate, object }) => ({
      subject: order.indexOf(subject),
      predicate,
      object: order.indexOf(object),
    }));
    const graph = documentOf({ objects, relations }, layOut(objects.length, relations));
    const idOf = (i: number) => graph.objects[order.indexOf(i)]!.id;
    return {
      graph,
      open: this.open.map(({ subject, words, object }) => ({ subject: idOf(subject), words, object: idOf(object) })),
      notes: [...this.notes],
    };
  }
}

/** Whether the predicate is in the link's own words, so that there is nothing to tell. */
function says(link: Link, predicate: string): boolean {
  const phrases = phrasesOf(link);
  return (
    phrases.includes(predicate) || (link.gerund === undefined && phrases.some((words) => words.endsWith(predicate)))
  );
}
