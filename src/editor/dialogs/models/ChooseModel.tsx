import { Sheet } from '#editor/dialogs/Sheet.tsx';
import { useInterface } from '#editor/interface/interface-store.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import { rememberedModel } from '#editor/painting/models/model-choice.ts';
import { chooseModel } from '#editor/painting/models/models.ts';
import { ModelSearch } from './ModelSearch.tsx';

const NOTHING = { loaded: 0, total: 0 };

/** Chooses the model that paints the graph. */
export function ChooseModel() {
  const show = useInterface((state) => state.show);
  const progress = useEngine(({ status }) => (status.type === 'loading' ? status : NOTHING));
  const close = () => show(null);
  return (
    <Sheet title="Model" lead="What paints the graph. Nothing of your graph or pictures leaves this computer.">
      <ModelSearch
        over={false}
        remembered={rememberedModel}
        progress={progress}
        choose={chooseModel}
        onDone={close}
        onCancel={close}
      />
    </Sheet>
  );
}
