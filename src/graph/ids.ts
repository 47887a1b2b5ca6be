/** Ids of objects and relations: "o1", "o2", …, "r1", "r2", … Within one document a number is given once: what was removed gives its id to nobody. */
import type { SceneGraph } from './scene-graph.ts';

/** The highest number that an id of each kind ever had; 0 for none. */
export interface IdsGiven {
  readonly objects: number;
  readonly relations: number;
}

type Elements = readonly { readonly id: string }[];

export const NO_IDS: IdsGiven = { objects: 0, relations: 0 };

export function idsGiven({ objects, relations }: SceneGraph, before: IdsGiven = NO_IDS): IdsGiven {
  return {
    objects: Math.max(before.objects, highest('o', objects)),
    relations: Math.max(before.relations, highest('r', relations)),
  };
}

/** Above every number of up to six digits in use, and above `given`; never an id in use. */
export function freshIds(prefix: 'o' | 'r', used: Elements, count: number, given = 0): string[] {
  const taken = new Set(used.map(({ id }) => id));
  const fresh: string[] = [];
  for (let number = Math.max(given, highest(prefix, used)) + 1; fresh.length < count; number++) {
    if (!taken.has(`${prefix}${number}`)) fresh.push(`${prefix}${number}`);
  }
  return fresh;
}

const highest = (prefix: string, elements: Elements): number =>
  elements.reduce((most, { id }) => {
    const isOurs = id.startsWith(prefix) && /^[a-z]\d{1,6}$/.test(id);
    return isOurs ? Math.max(most, Number(id.slice(1))) : most;
  }, 0);
