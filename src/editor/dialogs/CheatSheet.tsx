import { type Action, displayShortcut, isApple } from '#editor/actions/action.ts';
import { actions, groupTitles } from '#editor/actions/table.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { startTour } from '#editor/tour/tour-store.ts';
import { Sheet } from './Sheet.tsx';

const byHand: readonly (readonly [string, string])[] = [
  ['Add object', 'Double-click'],
  ['Relabel', 'Double-click it'],
  ['Relate', 'Drag from a grip'],
  ['Add a related one', 'Drop on the canvas'],
  ['Select several', 'Drag a frame, Shift+click'],
  ['Move objects', 'Arrows, Shift: further'],
  ['Move the view', 'Space+drag, scroll'],
  ['Zoom', 'Ctrl+scroll, pinch'],
  ['On the picture: move a thing', 'Drag it; arrows, Enter'],
  ['Look at the picture whole', 'Double-click it'],
  ['In it: closer', '+ − 0, scroll, pinch'],
  ['In it: through the history', '← →'],
  ['In the tree: along a branch', '← →, drag'],
];

/** Built from Markdown by vite.config.ts, beside the app. */
const guides: readonly (readonly [string, string])[] = [
  ['Training', './docs/training.html'],
  ['Design notes', './docs/design.html'],
  ['Formats and limits', './docs/formats.html'],
  ['Reliability', './docs/reliability.html'],
  ['Model card', './docs/picturebook.html'],
];

function takeTour(): void {
  useInterface.getState().show(null);
  startTour();
}

/** Every shortcut, read from the table of actions, and where to read on. */
export function CheatSheet() {
  const apple = isApple();
  const withKeys = actions.filter(({ id, shortcuts }) => shortcuts && !id.startsWith('nudge-'));
  const groups = Object.entries(groupTitles)
    .map(([group, title]) => ({ title, items: withKeys.filter((action) => action.group === group) }))
    .filter(({ items }) => items.length > 0);
  return (
    <Sheet title="Keyboard shortcuts" lead="Everything can be done by keyboard alone.">
      <div className="cheat-sheet">
        <section>
          <h3>By hand</h3>
          <dl>
            {byHand.map(([what, how]) => (
              <Row key={what} what={what} how={how} />
            ))}
          </dl>
        </section>
        {groups.map(({ title, items }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {items.map((action) => (
                <Row key={action.id} what={action.label.replace(/…$/, '')} how={keysOf(action, apple)} />
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>Help</h3>
          <ul>
            <li>
              <button type="button" className="text-button" onClick={takeTour}>
                Tour of 60 seconds
              </button>
            </li>
            {guides.map(([title, address]) => (
              <li key={address}>
                <a href={address} target="_blank" rel="noopener">
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Sheet>
  );
}

function Row({ what, how }: { what: string; how: string }) {
  return (
    <>
      <dt>{what}</dt>
      <dd>
        <kbd>{how}</kbd>
      </dd>
    </>
  );
}

function keysOf({ shortcuts }: Action, apple: boolean): string {
  return (shortcuts ?? []).map((shortcut) => displayShortcut(shortcut, apple)).join(', ');
}
