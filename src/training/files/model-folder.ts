/** Where packages of this project lie. */
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../../../public/models');

/** The folder of a package beside the built-in one, whether it is there already or not; `picturebook` is the built-in one. */
export const packageFolder = (name: string): string => join(packages, name);

/** What a user names a package by: a name means a folder beside the built-in package; anything with a slash is a folder of his own. */
export const modelFolder = (model: string): string => (/[/\\]/.test(model) ? model : packageFolder(model));
