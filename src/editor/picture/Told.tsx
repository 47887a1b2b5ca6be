import type { PictureRecord } from '#editor/history/picture-record.ts';
import { paintedOver } from '#editor/painting/painted-over.ts';

/** Which models made the picture where there were two, and the words that one was told. */
export function Told({ record: { model, over, result } }: { record: PictureRecord }) {
  const { prompts = [], negative = '' } = result.account ?? {};
  return (
    <>
      {over && (
        <p className="told">
          Drawn by {model}, {paintedOver(over)}.
        </p>
      )}
      {prompts.length > 0 && (
        <details className="told">
          <summary>Words that the model was told</summary>
          {prompts.map((prompt) => (
            <p key={prompt}>{prompt}</p>
          ))}
          {negative !== '' && <p>Led away from: {negative}</p>}
        </details>
      )}
    </>
  );
}
