import type { Action, ActionGroup } from './action.ts';
import { alignActions } from './align-actions.ts';
import { editActions } from './edit-actions.ts';
import { fileActions } from './file-actions.ts';
import { pictureActions } from './picture-actions.ts';
import { relationActions } from './relation-actions.ts';
import { viewActions } from './view-actions.ts';

/** Everything the editor can do. */
export const actions: readonly Action[] = [
  ...fileActions,
  ...editActions,
  ...alignActions,
  ...relationActions,
  ...pictureActions,
  ...viewActions,
];

const byId = new Map(actions.map((action) => [action.id, action]));

/** @throws Error for an id that is not in the table: a slip of the programmer */
export function actionOf(id: string): Action {
  const action = byId.get(id);
  if (!action) throw new Error(`No action has id ${id}.`);
  return action;
}

export const groupTitles: Readonly<Record<ActionGroup, string>> = {
  file: 'File',
  edit: 'Undo',
  select: 'Edit',
  arrange: 'Align',
  object: 'Objects',
  relation: 'Relations',
  picture: 'Picture',
  view: 'View',
  help: 'Help',
};
