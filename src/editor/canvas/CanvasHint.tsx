import { openExample } from '#editor/actions/file-actions.ts';
import { examples } from '#editor/examples/examples.ts';
import { thumbnailOf } from '#editor/examples/thumbnails.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { canvasCentre } from '#editor/viewport/canvas-handle.ts';

/** Examples that fit beside each other. */
const SHOWN = 4;

/** The empty canvas teaches the tool in three steps. */
export function CanvasHint() {
  const pick = useInterface((state) => state.pick);
  const show = useInterface((state) => state.show);
  return (
    <div className="canvas-hint">
      <div className="canvas-hint-card">
        <h2>Draw what you want to see</h2>
        <ol>
          <li>Double-click to add an object, take one from the palette, or type a sentence.</li>
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
        </div>
        <h3>Or start from an example</h3>
        <div className="canvas-hint-examples">
          {examples.slice(0, SHOWN).map((example) => (
            <button
              key={example.name}
              type="button"
              className="canvas-hint-example"
              title={example.title}
              onClick={() => openExample(example)}
            >
              <img src={thumbnailOf(example.name)} alt={example.title} width={64} height={64} />
            </button>
          ))}
          <button type="button" className="button" onClick={() => show({ type: 'gallery' })}>
            All {examples.length}
          </button>
        </div>
      </div>
    </div>
  );
}
