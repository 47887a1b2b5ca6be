/** Pictures and verdicts in the folder that a run and its workers share, by what decides them. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { GenerationResult, Verdict } from '#engine/contract/protocol.ts';
import { encodePng, readPicture } from '#training/files/picture-file.ts';
import { ownCopy, replaceFile } from '#training/files/replace-file.ts';
import type { PaintingOrder } from './painting-messages.ts';

export type StoredResult = Pick<GenerationResult, 'picture' | 'verification' | 'milliseconds'>;

export const verdicts = ['found', 'missing', 'unsure'] as const satisfies readonly Verdict[];
const marks = v.record(v.string(), v.picklist(verdicts));
/** Another machine wrote it. */
const accountSchema = v.object({
  verification: v.object({ objects: marks, relations: marks }),
  milliseconds: v.number(),
});

export class ResultStore {
  readonly #folder: string;

  /** @param folder of one model: pictures of other weights must never meet these */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  has(order: PaintingOrder): boolean {
    return existsSync(this.#pathOf(order, 'json'));
  }

  /** The account comes last: where it is, the picture is whole. */
  save(order: PaintingOrder, { picture, verification, milliseconds }: StoredResult): void {
    const [png, json] = [this.#pathOf(order, 'png'), this.#pathOf(order, 'json')];
    replaceFile(png, encodePng(picture), ownCopy(png));
    replaceFile(json, JSON.stringify({ verification, milliseconds }), ownCopy(json));
  }

  /** @throws Error when it is not there, or not whole */
  async load(order: PaintingOrder): Promise<StoredResult> {
    const account = v.parse(accountSchema, JSON.parse(readFileSync(this.#pathOf(order, 'json'), 'utf8')));
    return { ...account, picture: await readPicture(this.#pathOf(order, 'png')) };
  }

  #pathOf({ subject, settings }: PaintingOrder, extension: 'json' | 'png'): string {
    const key = createHash('sha256')
      .update(JSON.stringify([subject, settings]))
      .digest('hex')
      .slice(0, 32);
    return join(this.#folder, `${key}.${extension}`);
  }
}
