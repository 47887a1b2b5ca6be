/** What a clause has named so far, and which of it a link that comes is about. */
import { predicateFor } from '#graph/words/predicate-phrases.ts';
import type { Chunk, Link } from './chunk.ts';
import { carries, isGarment, isGroundWord, isLiving } from './living.ts';
import type { Group, SentenceKnowledge, SpokenScene } from './spoken-scene.ts';
import type { SentenceWord } from './tagged-words.ts';
import * as english from './tagged-words.ts';

export class Clause {
  /** Who the clause is about. */
  subject: Group = [];
  /** What was named last: "in front of" attaches here. */
  last: Group = [];
  /** Of "a cat and a dog" the dog: what "which is" is about. */
  lastMember: Group = [];
  /** "a table with a cup": what "it" is about in "… on it". */
  company: { readonly of: Group; readonly with: Group } | undefined;
  /** "a bowl of oranges": what "on a table" is about is the bowl. */
  portion: { readonly whole: Group; readonly of: Group } | undefined;
  /** The link that named what was named last. */
  recent: Link | undefined;

  private readonly words: readonly SentenceWord[];
  private readonly scene: SpokenScene;
  private readonly knowledge: SentenceKnowledge;

  constructor(words: readonly SentenceWord[], scene: SpokenScene, knowledge: SentenceKnowledge) {
    this.words = words;
    this.scene = scene;
    this.knowledge = knowledge;
  }

  begin(subject: Group): void {
    this.subject = subject;
    this.last = subject;
  }

  /** @param members as they were said, of the group that the link leads to */
  goOn(subject: Group, link: Link, group: Group, members: readonly Chunk[]): void {
    this.recent = link;
    if (isOf(link) && this.isPortion(subject, members)) this.portion = { whole: this.last, of: group };
    if (contents.test(link.preposition ?? '')) this.company = { of: subject, with: group };
    this.last = group;
  }

  end(): void {
    this.begin([]);
    this.company = undefined;
    this.portion = undefined;
  }

  /** "a glass of juice and a plate of pancakes on a table": both of them are. */
  joinedTo(): Group {
    const { portion, subject } = this;
    const isJoined = portion !== undefined && this.last === portion.of;
    return isJoined && isSame(portion.whole, subject) ? subject : [];
  }

  isOfCompany(group: Group): boolean {
    const { company } = this;
    return company !== undefined && group.every((id) => company.with.includes(id));
  }

  /** "two horses with bags on their backs": each on the back of the one that has it. */
  isOfOwners(subjects: Group, objects: Group): boolean {
    return this.company !== undefined && isSame(objects, this.company.of) && this.isOfCompany(subjects);
  }

  /** A preposition or participle is about what stands before it, unless the corpus knows that well and never saw it so: grass is next to nothing. */
  doerOf(link: Link, before: Chunk | undefined, next: Chunk | undefined): Group {
    const { likely, vocabulary } = this.knowledge;
    // "a mouse and a cup of coffee", but "the head and tail of a dog".
    if (isOf(link) && before?.type === 'thing' && before.mention.determiner === 'new') return this.lastMember;
    if (this.last === this.subject || this.subject.length === 0 || isOf(link)) return this.last;
    // "a picture on the wall above the bed"
    const isOnWall = this.last.every((id) => wall.test(this.labelOf(id)));
    if (isOnWall && surroundings.test(link.preposition ?? '') && this.recent?.preposition === 'on') return this.subject;
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
  isPortion(whole: Group, members: readonly Chunk[]): boolean {
    const isBare = members.every((chunk) => chunk.type === 'thing' && chunk.mention.determiner === 'bare');
    return isBare || whole.every((id) => likeness.test(this.labelOf(id)));
  }

  /** "in its mouth", "on it" */
  private isOwn(next: Chunk | undefined): boolean {
    return next?.type !== 'thing' || english.possessives.has(this.words[next.from]!.word);
  }

  labelOf(id: number): string {
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
    // "a kid in a yellow jacket on skis"
    if (this.last.every((id) => isGarment(this.labelOf(id))) && preposition !== 'with' && !this.isOwn(next))
      return true;
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
}

/** Times that a corpus has shown a label from which on it means something that it never did a thing there. */
const WELL_KNOWN = 20;
const whereabouts = /^(?:on|in|at|inside|on top of|in the middle of)$/;
const lifeless = /^(?:hanging|lying|laying|leaning|sitting|surrounding|covering|floating|flying|facing|growing)$/;
const stays = /^(?:in|on|at|near|next to|beside|in front of|from|inside|outside|on top of)$/;
const ways = /^(?:into|onto|to|towards?|past)$/;
/** Done to a thing that is where the doer is not, or has it come there. */
const elsewhere = /^(?:putting|placing|setting|watching|seeing|viewing|passing|approaching|facing)$/;
const contents = /^(?:with|full of|filled with)$/;
const surroundings = /^(?:in front of|behind|near|next to|beside|by|under|above|over|outside)$/;
/** What hangs there is above other things, and the wall is not. */
const wall = /wall$/;
/** Other things stand beside each other there. */
const surface = /(?:table|desk|bed|shelf|counter|couch|sofa|tray)$/;
const likeness = /(?:shadow|reflection|picture|photo|image|painting|drawing)$/;
const handiwork = /^(?:cutting|eating|hitting|painting|playing|feeding)$/;
const noEnds = { subject: '', object: '' };
export const isOf = ({ gerund, preposition }: Link): boolean => gerund === undefined && preposition === 'of';
const isSame = (a: Group, b: Group): boolean => a.length === b.length && a.every((id, i) => id === b[i]);
