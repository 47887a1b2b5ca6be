import { openExample } from '#editor/actions/file-actions.ts';
import { useInterface } from '#editor/state/interface-store.ts';
import { examples } from '#graph/examples.ts';
import { canvasCentre } from './canvas-handle.ts';

/** The empty canvas teaches the tool in three steps. */
export function CanvasHint() {
  const pick = useInterface((state) => state.pick);
  const show = useInterface((state) => state.show);
  const [first] = examples;
  return (
    <div className="canvas-hint">
      <div className="canvas-hint-card">
        <h2>Draw what you want to see</h2>
        <ol>
          <li>Double-click to add an object, or take one from the palette.</li>
          <li>Drag from one object to another and say how they relate.</li>
          <li>Press Generate. Change one relation, generate again, compare.</li>
        </ol>
        <div className="canvas-hint-actions">
          <button
            type="button"
            className="button button-primary"
            onClick={() => pick({ type: 'object', ...canvasCentre() })}
          >
            Add an object
          </button>
          <button type="button" className="button" onClick={() => show({ type: 'sentence' })}>
            Type a sentence
          </button>
          {first && (
            <button type="button" className="button" onClick={() => openExample(first)}>
              Open an example
            </button>
          )}
        </div>
      </div>
    </div>
  );
}
