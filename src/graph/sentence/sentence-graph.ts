/**
 * A text in plain English → a scene graph. The words come tagged (which is a library's business); here things become objects,
 * links become relations, and whatever is not understood keeps its words, so that the user can be told.
 */
import { predicateFor } from '#graph/words/predicate-phrases.ts';
import type { Chunk, Link, Mention } from './chunk.ts';
import { chunksOf } from './chunks.ts';
import { carries, isGroundWord, isLiving } from './living.ts';
import { type Group, type SentenceKnowledge, type SentenceReading, SpokenScene } from './spoken-scene.ts';
import type { SentenceWord, WordRole } from './tagged-words.ts';
import * as english from './tagged-words.ts';

export function readSentence(words: readonly SentenceWord[], knowledge: SentenceKnowledge): SentenceReading {
  return new Reader(words, knowledge).read();
}

class Reader {
  private readonly chunks: readonly Chunk[];
  private readonly roles: WordRole[];
  private readonly scene: SpokenScene;
  /** Who the clause is about. */
  private subject: Group = [];
  /** The subject of the clause around a relative clause. */
  private outer: Group | undefined;
  /** What was named last: "in front of" attaches here. */
  private last: Group = [];
  /** Of "a cat and a dog" the dog: what "which is" is about. */
  private lastMember: Group = [];
  /** A link that waits for its object. */
  private pending: { readonly link: Link; readonly chunk: Chunk; readonly subject: Group } | undefined;
  /** "On the table is a cat": a link and its object that wait for their subject. */
  private fronted: { readonly link: Link; readonly chunk: Chunk; readonly object: Group } | undefined;
  /** "a table with a cup": what "it" is about in "… on it". */
  private company: { readonly of: Group; readonly with: Group } | undefined;
  /** "a bowl of oranges": what "on a table" is about is the bowl. */
  private portion: { readonly whole: Group; readonly of: Group } | undefined;
  /** The link that named what was named last. */
  private recent: Link | undefined;
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
        this.outer ??= this.subject;
        this.antecedent = this.saysOne(at + 1) ? this.lastMember : this.last;
        this.subject = this.antecedent;
        return at + 1;
      case 'each-other':
        this.relateEachOther(chunk);
        return at + 1;
      case 'quality':
        this.readQuality(chunk);
        return at + 1;
      case 'stop':
        this.endClause();
        this.subject = [];
        this.last = [];
        this.company = undefined;
        this.portion = undefined;
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
      this.lastMember = this.resolve(chunk, [...group, ...(pending?.subject ?? [])]);
      group.push(...this.lastMember);
    }
    const next = this.chunks.indexOf(members.at(-1)!) + 1;
    if (pending) {
      this.pending = undefined;
      if (pending.subject.length === 0) this.fronted = { link: pending.link, chunk: pending.chunk, object: group };
      else this.relate(pending.subject, pending.link, group, pending.chunk);
      this.recent = pending.link;
      if (isOf(pending.link) && this.isPortion(pending.subject, members))
        this.portion = { whole: pending.subject, of: group };
      if (pending.link.preposition === 'with') this.company = { of: pending.subject, with: group };
      this.last = group;
      return next;
    }
    const isObjectRelative = this.antecedent !== undefined && this.chunks[at - 1]?.type === 'relative';
    this.subject = group;
    this.last = group;
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
    const beginsClause = after === 'link' || after === 'relative' || after === 'quality' || !hasAnd;
    return beginsClause ? members.slice(0, 1) : members;
  }

  private resolve(chunk: Chunk, taken: Group): Group {
    if (chunk.type === 'pronoun') {
      const { company, pending } = this;
      // "a table with a cup on it": on the table.
      const ids =
        company && pending && this.isOfCompany(pending.subject)
          ? company.of
          : this.scene.references.pronoun(chunk.word, taken);
      if (ids.length === 0) this.roles.fill('unknown', chunk.from, chunk.to);
      return ids;
    }
    if (chunk.type !== 'thing') return [];
    return this.mention(this.counted(chunk.mention), taken);
  }

  private isOfCompany(group: Group): boolean {
    const { company } = this;
    return company !== undefined && group.every((id) => company.with.includes(id));
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
      this.subject = this.outer!;
      this.outer = undefined;
      this.antecedent = undefined;
    }
    const { fronted } = this;
    if ((link.gerund === undefined && link.preposition === undefined) || (fronted && isStative(link))) {
      this.roles.fill('grammar', chunk.from, chunk.to);
      if (next === 'thing') this.pending = { link, chunk, subject: this.subject };
      if (fronted || this.subject.length === 0) this.pending = undefined;
      return;
    }
    const hasObject = next === 'thing' || next === 'pronoun' || next === 'each-other';
    if (inObjectRelative && !hasObject) {
      this.relate(this.subject, link, this.antecedent!, chunk);
      this.last = this.antecedent!;
      // The clause around goes on about what the relative clause was about.
      this.subject = this.antecedent!;
      this.antecedent = undefined;
      return;
    }
    const goesOn = link.isFiniteVerb || before === 'and' || before === 'comma' || before === 'clause';
    const subject = this.isInverted(at) ? [] : goesOn ? this.subject : this.nearestDoer(link, this.chunks[at + 1]);
    this.pending = { link, chunk, subject };
  }

  /** A preposition or participle is about what stands before it, unless the corpus knows that well and never saw it so: grass is next to nothing. */
  private nearestDoer(link: Link, next: Chunk | undefined): Group {
    const { likely, vocabulary } = this.knowledge;
    if (this.last === this.subject || this.subject.length === 0) return this.last;
    if (isOf(link)) return this.last;
    if (this.isDoneBySubject(link, next)) return this.subject;
    if (link.preposition === 'with') return this.last;
    const whole = this.wholeOf(this.ownerOf(this.last, link, next));
    if (whole !== this.last) return whole;
    const predicate = predicateFor(link, { predicates: vocabulary?.predicates ?? null, likely }, noEnds);
    const labels = this.last.map((id) => this.scene.references.objects[id]?.label);
    const ofLast = likely.filter(({ subject }) => labels.includes(subject));
    const seen = ofLast.reduce((sum, { count }) => sum + count, 0);
    const isKnownNotTo = seen >= WELL_KNOWN && !ofLast.some((triple) => triple.predicate === predicate);
    return isKnownNotTo ? this.subject : this.last;
  }

  /** "a kite with a tail flying in the sky": the kite does. In a place, and of people, everything is where it is said to be itself. */
  private ownerOf(group: Group, { gerund, preposition }: Link, next: Chunk | undefined): Group {
    const { company } = this;
    if (!company || company.of.length === 0 || !this.isOfCompany(group) || this.isAlive(group)) return group;
    const isPlace = company.of.some((id) => isGroundWord(this.labelOf(id)));
    const isSurface = company.of.some((id) => surface.test(this.labelOf(id)));
    const isAbout =
      gerund !== undefined ||
      whereabouts.test(preposition ?? '') ||
      (!isSurface && surroundings.test(preposition ?? ''));
    return isPlace || !isAbout || this.isOwn(next) ? group : company.of;
  }

  private wholeOf(group: Group): Group {
    return this.portion && isSame(group, this.portion.of) ? this.portion.whole : group;
  }

  /** What is counted or looked at by another thing: "of oranges", "the shadow of a man". */
  private isPortion(whole: Group, members: readonly Chunk[]): boolean {
    const isBare = members.every((chunk) => chunk.type === 'thing' && chunk.mention.determiner === 'bare');
    return isBare || whole.every((id) => likeness.test(this.labelOf(id)));
  }

  /** "in its mouth", "on it" */
  private isOwn(next: Chunk | undefined): boolean {
    return next?.type !== 'thing' || english.possessives.has(this.words[next.from]!.word);
  }

  private labelOf(id: number): string {
    return this.scene.references.objects[id]!.label;
  }

  private isAlive(group: Group): boolean {
    return group.every((id) => isLiving(this.labelOf(id)));
  }

  /** What people and animals do, have with them and stand on is said of them, though a thing was named last. */
  private isDoneBySubject({ gerund, form, preposition }: Link, next: Chunk | undefined): boolean {
    if (!this.isAlive(this.subject)) return false;
    // "a man feeding pigeons from a bench"
    if (preposition === 'from' && gerund === undefined && this.recent?.gerund !== undefined) return true;
    if (this.isAlive(this.last)) return false;
    // "a woman on a bench reading a book", but "a coat hanging on a hook".
    if (gerund !== undefined) return form === gerund && !lifeless.test(gerund);
    const { recent } = this;
    if (recent === undefined || preposition === undefined) return false;
    const isIn = whereabouts.test(recent.preposition ?? '') || this.last.every((id) => isGroundWord(this.labelOf(id)));
    // "a man on a beach with a dog", "a woman cutting a cake with a knife".
    if (preposition === 'with')
      return (
        isIn || english.possessives.has(this.words[next?.from ?? -1]?.word ?? '') || handiwork.test(recent.gerund ?? '')
      );
    if (preposition === 'by') return true;
    if (recent.gerund === undefined || this.isOwn(next)) return false;
    // "a boy jumping off a dock into a lake", but "throwing a ball into a lake".
    if (ways.test(preposition)) return recent.preposition !== undefined;
    // "people flying kites on the beach", but "putting a cup on a table".
    if (preposition === 'on' && !(next?.type === 'thing' && carries(next.mention.name))) return false;
    return recent.preposition === undefined && stays.test(preposition) && !elsewhere.test(recent.gerund);
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
    // "bags on their backs": each on the back of the one that has it.
    const isBack = this.company !== undefined && isSame(objects, this.company.of) && this.isOfCompany(subjects);
    if (this.scene.relate(subjects, link, objects, isBack)) this.roles.fill('relation', chunk.from, chunk.to);
  }

  private readQuality(chunk: Chunk & { readonly type: 'quality' }): void {
    const { vocabulary } = this.knowledge;
    const isKnown = vocabulary === null || vocabulary.attributes.includes(chunk.attribute);
    // "a woman in black" is not black.
    const isWorn = this.pending?.link.preposition !== undefined;
    this.endLink();
    if (!isKnown || isWorn || this.subject.length === 0) return;
    for (const id of this.subject) this.scene.references.describe(id, [chunk.attribute]);
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

/** Times that a corpus has shown a label from which on it means something that it never did a thing there. */
const WELL_KNOWN = 20;
/** "stands", "is": between a place that is named first and who is there. */
const isStative = ({ gerund, preposition }: Link): boolean =>
  preposition === undefined && (gerund === undefined || /^(?:standing|sitting|lying|laying|hanging)$/.test(gerund));
const whereabouts = /^(?:on|in|at|inside|on top of|in the middle of)$/;
const lifeless = /^(?:hanging|lying|laying|leaning|sitting|surrounding|covering|floating|flying|facing|growing)$/;
const stays = /^(?:in|on|at|near|next to|beside|in front of|from|inside|outside|on top of)$/;
const ways = /^(?:into|onto|to|towards?|past)$/;
/** Done to a thing that is where the doer is not, or has it come there. */
const elsewhere = /^(?:putting|placing|setting|watching|seeing|viewing|passing|approaching|facing)$/;
const surroundings = /^(?:in front of|behind|near|next to|beside|by|under|outside)$/;
/** Other things stand beside each other there. */
const surface = /(?:table|desk|bed|shelf|counter|couch|sofa|tray)$/;
const likeness = /(?:shadow|reflection|picture|photo|image|painting|drawing)$/;
const isOf = ({ gerund, preposition }: Link): boolean => gerund === undefined && preposition === 'of';
const handiwork = /^(?:cutting|eating|hitting|painting|playing|feeding)$/;
const isSame = (a: Group, b: Group): boolean => a.length === b.length && a.every((id, i) => id === b[i]);
const noEnds = { subject: '', object: '' };
