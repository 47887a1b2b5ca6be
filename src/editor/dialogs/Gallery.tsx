import { openExample } from '#editor/actions/file-actions.ts';
import { examples } from '#editor/examples/examples.ts';
import { thumbnailOf } from '#editor/examples/thumbnails.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { Sheet } from './Sheet.tsx';
import { moveOverTiles } from './tile-keys.ts';

/** The examples, each with a picture that the model made of it. */
export function Gallery() {
  const show = useInterface((state) => state.show);
  return (
    <Sheet
      title="Gallery of examples"
      lead="Choose a graph to start from; undo brings yours back. The pictures are the built-in model's."
      isWide
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only passes the arrow keys on to the buttons inside */}
      <div className="gallery" onKeyDown={moveOverTiles}>
        {examples.map((example, i) => (
          <button
            key={example.name}
            type="button"
            className="gallery-tile"
            data-tile
            // biome-ignore lint/a11y/noAutofocus: the arrow keys start here
            autoFocus={i === 0}
            onClick={() => {
              show(null);
              openExample(example);
            }}
          >
            <img src={thumbnailOf(example.name)} alt="" width={128} height={128} loading="lazy" />
            {example.title}
            <small>{inWords(example.graph)}</small>
          </button>
        ))}
      </div>
    </Sheet>
  );
}
