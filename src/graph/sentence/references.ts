/** Who is meant: "a sheep" is a new one, "the sheep", "the second sheep" and "it" are sheep that were named before. */
import type { Mention } from './chunk.ts';

/** An object of the scene that a text builds up. Referred to by its number. */
export interface SpokenObject {
  readonly label: string;
  readonly attributes: string[];
  /** "sheep 2" */
  readonly index: number | undefined;
}

export interface Answer {
  /** Numbers of objects. */
  readonly ids: readonly number[];
  /** What had to be assumed. */
  readonly note?: string;
}

const genders: Readonly<Record<string, readonly string[]>> = {
  he: ['man', 'boy', 'father', 'player'],
  him: ['man', 'boy', 'father', 'player'],
  she: ['woman', 'girl', 'lady', 'mother'],
  her: ['woman', 'girl', 'lady', 'mother'],
};
/** What "dogs" is taken for where nobody says how many. */
const SOME = 2;

export class References {
  readonly objects: SpokenObject[] = [];
  /** Groups in the order they were mentioned, the latest last. */
  private readonly mentioned: (readonly number[])[] = [];
  /** Whom clauses were about, the latest last. */
  private readonly topics: (readonly number[])[] = [];
  private readonly most: number;

  /** @param most objects that the scene may hold */
  constructor(most: number) {
    this.most = most;
  }

  /** @param taken objects that cannot be meant: a thing is not related to itself */
  resolve(mention: Mention, taken: readonly number[]): Answer {
    const free = (ids: readonly number[]) => ids.filter((id) => !taken.includes(id));
    const named = free(this.meant(mention));
    const answer = named.length > 0 ? { ids: named } : this.create(mention);
    for (const id of answer.ids) this.describe(id, mention.attributes);
    this.mentioned.push(answer.ids);
    return answer;
  }

  /** Pronouns mean first what was talked about. */
  talkAbout(group: readonly number[]): void {
    this.topics.push(group);
  }

  /** "it", "they", "her": the latest topic that fits in number, else what was mentioned last. */
  pronoun(word: string, taken: readonly number[]): readonly number[] {
    const free = (groups: readonly (readonly number[])[]) =>
      [...groups].reverse().filter((ids) => ids.length > 0 && !ids.some((id) => taken.includes(id)));
    const labels = genders[word];
    const earlier = [...free(this.topics), ...free(this.mentioned)];
    const ofGender = labels && earlier.find((ids) => ids.length === 1 && labels.includes(this.objects[ids[0]!]!.label));
    const isMany = /^th(?:ey|em|ese|ose)$/.test(word);
    const found = ofGender ?? earlier.find((ids) => ids.length > 1 === isMany) ?? earlier[0] ?? [];
    if (found.length > 0) this.mentioned.push(found);
    return found;
  }

  describe(id: number, attributes: readonly string[]): void {
    const object = this.objects[id]!;
    for (const word of attributes) if (!object.attributes.includes(word)) object.attributes.push(word);
  }

  private meant({ label, attributes, determiner, which, index, count, isPlural }: Mention): readonly number[] {
    const alike = this.find((object) => object.label === label);
    const same = alike.filter((id) => isSame(this.objects[id]!.attributes, attributes));
    if (index !== undefined) return same.filter((id) => this.objects[id]!.index === index);
    if (determiner === 'new') return [];
    const fitting = alike.filter((id) => attributes.every((word) => this.objects[id]!.attributes.includes(word)));
    if (typeof which === 'number') return fitting.slice(which - 1, which);
    const latestFirst = [...this.mentioned].reverse().flat();
    if (which === 'other') return fitting.filter((id) => id !== latestFirst.find((each) => fitting.includes(each)));
    if (determiner === 'bare') return isPlural ? [] : latest(same, latestFirst);
    if (isPlural || (count ?? 1) > 1) return fitting.slice(-(count ?? fitting.length));
    if (same.length > 0) return latest(same, latestFirst);
    if (fitting.length > 0) return latest(fitting, latestFirst);
    // "a dog … the white dog": the same one, of which more is said now.
    const plain = alike.filter((id) => this.objects[id]!.attributes.length === 0);
    return plain.length === 1 ? plain : [];
  }

  private create(mention: Mention): Answer {
    const { label, attributes, index, which, name } = mention;
    const wanted = mention.count ?? (mention.isPlural ? SOME : 1);
    const count = Math.min(wanted, this.most - this.objects.length);
    const first = this.objects.length;
    for (let i = 0; i < count; i++) this.objects.push({ label, attributes: [...attributes], index });
    const ids = Array.from({ length: count }, (_, i) => first + i);
    if (count < wanted)
      return {
        ids,
        note: `“${name}”: a graph of this model has room for ${this.most} objects; the rest was left out.`,
      };
    if (mention.count === undefined && mention.isPlural) {
      return { ids, note: `“${name}”: how many is not said, so ${SOME} were taken.` };
    }
    if (which !== undefined) return { ids, note: `“${name}”: the text named no such one before, so it was added.` };
    return { ids };
  }

  private find(wanted: (object: SpokenObject) => boolean): readonly number[] {
    return this.objects.flatMap((object, id) => (wanted(object) ? [id] : []));
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word) => b.includes(word));

function latest(ids: readonly number[], latestFirst: readonly number[]): readonly number[] {
  const found = latestFirst.find((id) => ids.includes(id));
  return found === undefined ? [] : [found];
}
