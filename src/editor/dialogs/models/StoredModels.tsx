import { Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { sayError } from '#editor/interface/messages.ts';
import { deleteModel, listModels } from '#editor/painting/models/models.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import type { StoredModel } from '#engine/contract/protocol.ts';
import { sizeText } from '#engine/contract/size-text.ts';

/** The downloaded models on this computer: name, size, when they were used, and a way to be rid of them. Nothing where there are none. */
export function StoredModels() {
  const [models, setModels] = useState<readonly StoredModel[]>([]);
  useEffect(() => {
    void listModels().then(setModels, () => undefined);
  }, []);
  const remove = (model: StoredModel) =>
    deleteModel(model).then(setModels, (error: unknown) => sayError('Not deleted', faultOf(error).message));
  if (models.length === 0) return null;
  return (
    <section aria-labelledby="stored-models">
      <h3 id="stored-models">Models on this computer</h3>
      <ul className="stored-models">
        {models.map((model) => (
          <li key={model.folder}>
            <span>
              {model.title}
              <small className="numeric">
                {sizeText(model.bytes)}
                {model.usedAt !== undefined && `, used ${new Date(model.usedAt).toLocaleDateString()}`}
              </small>
            </span>
            <DeleteButton model={model} onDelete={() => void remove(model)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Gigabytes are not deleted by one click: the first asks, the second does it. */
function DeleteButton({ model, onDelete }: { readonly model: StoredModel; readonly onDelete: () => void }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <button
      type="button"
      className={isAsking ? 'button' : 'button button-quiet button-icon'}
      aria-label={isAsking ? undefined : `Delete ${model.title}`}
      data-asks={isAsking}
      onClick={({ currentTarget }) => {
        if (isAsking) onDelete();
        setAsking(!isAsking);
        // Safari gives a button no focus by a click, and without one nothing would take the question back.
        currentTarget.focus();
      }}
      onBlur={() => setAsking(false)}
      onKeyDown={({ key }) => key === 'Escape' && setAsking(false)}
    >
      {isAsking ? `Delete ${sizeText(model.bytes)}?` : <Trash2 size={14} aria-hidden />}
    </button>
  );
}
