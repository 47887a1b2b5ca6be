/**
 * A text in plain English → a scene graph. The words come tagged (which is a library's business); here things become objects,
 * links become relations, and whatever is not understood keeps its words, so that the user can be told.
 */
import type { Chunk, Link, Mention } from './chunk.ts';
import { chunksOf } from './chunks.ts';
import { Clause, isOf } from './clause.ts';
import { isGroundWord, isLiving } from './living.ts';
import { type Group, type SentenceKnowledge, type SentenceReading, SpokenScene } from './spoken-scene.ts';
import type { SentenceWord, WordRole } from './tagged-words.ts';

export function readSentence(words: readonly SentenceWord[], knowledge: SentenceKnowledge): SentenceReading {
  return new Reader(words, knowledge).read();
}

class Reader {
  private readonly chunks: readonly Chunk[];
  private readonly roles: WordRole[];
  private readonly scene: SpokenScene;
  private readonly clause: Clause;
  /** The subject of the clause around a relative clause. */
  private outer: Group | undefined;
  /** A link that waits for its object. */
  private pending: { readonly link: Link; readonly chunk: Chunk; readonly subject: Group } | undefined;
  /** "On the table is a cat": a link and its object that wait for their subject. */
  private fronted: { readonly link: Link; readonly chunk: Chunk; readonly object: Group } | undefined;
  /** "the horse that a boy rides": what the relative clause is about. */
  private antecedent: Group | undefined;

  private readonly words: readonly SentenceWord[];
  private readonly knowledge: SentenceKnowledge;

  constructor(words: readonly SentenceWord[], knowledge: SentenceKnowledge) {
    this.words = words;
    this.knowledge = knowledge;
    const { chunks, roles } = chunksOf(words, knowledge.vocabulary);
    this.chunks = chunks;
    this.roles = roles;
    this.scene = new SpokenScene(knowledge);
    this.clause = new Clause(words, this.scene, knowledge);
  }

  read(): SentenceReading {
    for (let at = 0; at < this.chunks.length; ) at = this.readChunk(at);
    this.endClause();
    const words = this.words.map(({ text }, i) => ({ text, role: this.roles[i]! })).filter(({ text }) => text !== '');
    return { ...this.scene.read(), words };
  }

  /** @returns where to go on */
  private readChunk(at: number): number {
    const chunk = this.chunks[at]!;
    switch (chunk.type) {
      case 'thing':
      case 'pronoun':
        return this.readGroup(at);
      case 'link':
        this.readLink(at);
        return at + 1;
      case 'relative':
        this.endLink();
        this.outer ??= this.clause.subject;
        this.antecedent = this.saysOne(at + 1) ? this.clause.lastMember : this.clause.last;
        this.clause.subject = this.antecedent;
        return at + 1;
      case 'each-other':
        this.relateEachOther(chunk);
        return at + 1;
      case 'quality':
        this.readQuality(chunk);
        return at + 1;
      case 'stop':
        this.endClause();
        this.clause.end();
        return at + 1;
      case 'clause':
        this.endClause();
        return at + 1;
      case 'and':
      case 'comma':
        this.endLink();
        return at + 1;
      case 'nothing':
        return at + 1;
      default:
        return chunk satisfies never;
    }
  }

  /** One thing, or several joined by commas and "and", as far as they stand in one place of the clause. */
  private readGroup(at: number): number {
    const members = this.membersFrom(at);
    const { pending } = this;
    const group: number[] = [];
    for (const chunk of members) {
      this.clause.lastMember = this.resolve(chunk, [...group, ...(pending?.subject ?? [])]);
      group.push(...this.clause.lastMember);
    }
    const next = this.chunks.indexOf(members.at(-1)!) + 1;
    if (pending) {
      this.pending = undefined;
      if (pending.subject.length === 0) this.fronted = { link: pending.link, chunk: pending.chunk, object: group };
      else this.relate(pending.subject, pending.link, group, pending.chunk);
      this.clause.goOn(pending.subject, pending.link, group, members);
      return next;
    }
    const isObjectRelative = this.antecedent !== undefined && this.chunks[at - 1]?.type === 'relative';
    if (this.chunks[at - 1]?.type === 'and') group.unshift(...this.clause.joinedTo());
    this.clause.begin(group);
    this.scene.references.talkAbout(group);
    if (!isObjectRelative) {
      this.antecedent = undefined;
      this.outer = undefined;
    }
    if (this.fronted) {
      this.relate(group, this.fronted.link, this.fronted.object, this.fronted.chunk);
      this.fronted = undefined;
    }
    return next;
  }

  private membersFrom(at: number): readonly Chunk[] {
    const isThing = (i: number) => this.chunks[i]?.type === 'thing' || this.chunks[i]?.type === 'pronoun';
    const members = [this.chunks[at]!];
    let hasAnd = false;
    let end = at;
    for (;;) {
      let next = end + 1;
      if (this.chunks[next]?.type === 'comma') next++;
      const isAnd = this.chunks[next]?.type === 'and';
      if (isAnd) next++;
      if (next === end + 1 || !isThing(next)) break;
      hasAnd ||= isAnd;
      members.push(this.chunks[next]!);
      end = next;
    }
    if (!this.pending) return members;
    // After a link, a thing that has a link of its own begins a new clause, and so does what only a comma joins.
    const after = this.chunks[end + 1]?.type;
    // "with a cup and a book on it": both of them are.
    if (this.pending.link.preposition === 'with' && this.chunks[end + 2]?.type === 'pronoun') return members;
    // "in a suit and tie standing …": without an article it is one thing's company.
    const isBare = members.slice(1).every((each) => each.type === 'thing' && each.mention.determiner === 'bare');
    // "a man wearing glasses and a blue shirt holds …": the verb of the clause is still to come.
    const next = this.chunks[end + 1];
    const isVerbOfClause = next?.type === 'link' && next.link.isFiniteVerb && !this.pending.link.isFiniteVerb;
    const isOfNext = next?.type === 'link' && isOf(next.link);
    if (hasAnd && ((isBare && !isOfNext) || (isVerbOfClause && this.pending.link.gerund === 'wearing'))) return members;
    // "a bathroom with a toilet and a sink under a mirror": it has both, and what follows is of the sink.
    const isCompany =
      hasAnd && next?.type === 'link' && !next.link.isFiniteVerb && !isOfNext && this.isPlaceWith(members);
    if (isCompany) return members;
    const beginsClause = after === 'link' || after === 'relative' || after === 'quality' || !hasAnd;
    return beginsClause ? members.slice(0, 1) : members;
  }

  private isPlaceWith(members: readonly Chunk[]): boolean {
    const { pending } = this;
    const isThings = members.every((each) => each.type === 'thing' && !isLiving(each.mention.label));
    return (
      isThings &&
      pending?.link.preposition === 'with' &&
      pending.subject.every((id) => isGroundWord(this.clause.labelOf(id)))
    );
  }

  private resolve(chunk: Chunk, taken: Group): Group {
    if (chunk.type === 'pronoun') {
      const { pending } = this;
      const { company } = this.clause;
      // "a table with a cup on it": on the table.
      const ids =
        company && pending && this.clause.isOfCompany(pending.subject)
          ? company.of
          : this.scene.references.pronoun(chunk.word, taken);
      if (ids.length === 0) this.roles.fill('unknown', chunk.from, chunk.to);
      return ids;
    }
    if (chunk.type !== 'thing') return [];
    return this.mention(this.counted(chunk.mention), taken);
  }

  private mention(mention: Mention, taken: Group): Group {
    const { bond } = mention;
    if (bond === undefined) return this.scene.mention(mention, taken);
    const to = this.mention(bond.to, taken);
    const bound = this.scene.mention(mention, taken);
    this.scene.relate(bound, bond.link, to);
    return bound;
  }

  /** Of "two horses with bags" each has one. */
  private counted(mention: Mention): Mention {
    const { pending } = this;
    const isOpen = mention.isPlural && mention.count === undefined && mention.determiner === 'bare';
    const isEach = isOpen && pending?.link.preposition === 'with' && pending.subject.length > 1;
    return isEach ? { ...mention, count: pending.subject.length } : mention;
  }

  private readLink(at: number): void {
    const chunk = this.chunks[at]!;
    if (chunk.type !== 'link') return;
    this.endLink();
    const { link } = chunk;
    const before = this.chunks[at - 1]?.type;
    const next = this.chunks[at + 1]?.type;
    // "the boy who rides a horse is …": the second finite verb belongs to the clause around.
    const isSecond = link.isFiniteVerb && this.outer !== undefined && before !== 'relative' && before !== 'and';
    const inObjectRelative = this.antecedent !== undefined && this.chunks[at - 2]?.type === 'relative';
    if (isSecond && !inObjectRelative && this.outer!.length > 0) {
      this.clause.subject = this.outer!;
      this.outer = undefined;
      this.antecedent = undefined;
    }
    const { fronted } = this;
    if ((link.gerund === undefined && link.preposition === undefined) || (fronted && isStative(link))) {
      this.roles.fill('grammar', chunk.from, chunk.to);
      if (next === 'thing') this.pending = { link, chunk, subject: this.clause.subject };
      if (fronted || this.clause.subject.length === 0) this.pending = undefined;
      return;
    }
    const hasObject = next === 'thing' || next === 'pronoun' || next === 'each-other';
    if (inObjectRelative && !hasObject) {
      this.relate(this.clause.subject, link, this.antecedent!, chunk);
      this.clause.last = this.antecedent!;
      // The clause around goes on about what the relative clause was about.
      this.clause.subject = this.antecedent!;
      this.antecedent = undefined;
      return;
    }
    const goesOn = link.isFiniteVerb || before === 'and' || before === 'comma' || before === 'clause';
    const subject = this.isInverted(at)
      ? []
      : goesOn
        ? this.clause.subject
        : this.clause.doerOf(link, this.chunks[at - 1], this.chunks[at + 1]);
    this.pending = { link, chunk, subject };
  }

  /** "in front of the house is a tree", "… there is a tree": the subject comes last. */
  private isInverted(at: number): boolean {
    const [start, end, copula, thing] = this.chunks.slice(at, at + 4);
    if (start?.type !== 'link' || start.link.isFiniteVerb) return false;
    if (end?.type !== 'thing' && end?.type !== 'pronoun') return false;
    const isCopula = copula?.type === 'link' && isStative(copula.link);
    return copula?.type === 'thing' || (isCopula && thing?.type === 'thing');
  }

  /** "which is" rather than "which are". */
  private saysOne(at: number): boolean {
    const next = this.chunks[at];
    return next?.type === 'link' && /^(?:is|was|has|\w+[^s]s)\b/i.test(this.words[next.from]!.word);
  }

  private relate(subjects: Group, link: Link, objects: Group, chunk: Chunk): void {
    if (this.scene.relate(subjects, link, objects, this.clause.isOfOwners(subjects, objects)))
      this.roles.fill('relation', chunk.from, chunk.to);
  }

  private readQuality(chunk: Chunk & { readonly type: 'quality' }): void {
    const { vocabulary } = this.knowledge;
    const isKnown = vocabulary === null || vocabulary.attributes.includes(chunk.attribute);
    // "a woman in black" is not black.
    const isWorn = this.pending?.link.preposition !== undefined;
    this.endLink();
    if (!isKnown || isWorn || this.clause.subject.length === 0) return;
    for (const id of this.clause.subject) this.scene.references.describe(id, [chunk.attribute]);
    this.roles.fill('attribute', chunk.from, chunk.to);
  }

  private relateEachOther(chunk: Chunk): void {
    const { pending } = this;
    this.pending = undefined;
    if (!pending || pending.subject.length < 2) {
      this.roles.fill('unknown', chunk.from, chunk.to);
      return;
    }
    for (let i = 1; i < pending.subject.length; i++) {
      this.relate([pending.subject[i - 1]!], pending.link, [pending.subject[i]!], pending.chunk);
    }
  }

  /** A link that found no object keeps the role "unknown". */
  private endLink(): void {
    this.pending = undefined;
  }

  private endClause(): void {
    this.endLink();
    this.fronted = undefined;
    this.outer = undefined;
    this.antecedent = undefined;
  }
}

/** "stands", "is": between a place that is named first and who is there. */
const isStative = ({ gerund, preposition }: Link): boolean =>
  preposition === undefined && (gerund === undefined || /^(?:standing|sitting|lying|laying|hanging)$/.test(gerund));
