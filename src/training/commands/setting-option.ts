/** Numbers of the command line that are settings of a picture: the engine's own bounds, and its own words for them. */
import { InvalidArgumentError } from 'commander';
import * as v from 'valibot';
import {
  type settingBounds,
  settingsSchema,
  sizeEntries,
  strengthSchema,
} from '#engine/contract/generation-settings.ts';

/** A parser for commander's options. */
export function settingOption(name: keyof typeof settingBounds | 'strength'): (text: string) => number {
  const schema = v.pipe({ ...settingsSchema.entries, ...sizeEntries, strength: strengthSchema }[name], v.number());
  return (text) => {
    const result = v.safeParse(schema, text.trim() === '' ? Number.NaN : Number(text));
    if (result.success) return result.output;
    throw new InvalidArgumentError(`It ${result.issues[0].message}.`);
  };
}
