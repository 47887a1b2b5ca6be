import { type FormEvent, useId, useState } from 'react';
import { perform } from '#editor/actions/action.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { useCurrentPicture } from '#editor/history/pictures-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { paintOver } from '#editor/painting/engine.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import { rememberedOver } from '#editor/painting/models/model-choice.ts';
import { chooseOver } from '#editor/painting/models/models.ts';
import { NumberField } from '#editor/picture/settings/NumberField.tsx';
import { settingBounds, stepsOver } from '#engine/contract/generation-settings.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import { ModelSearch } from './models/ModelSearch.tsx';
import { Sheet } from './Sheet.tsx';

/** Another model paints over the picture on screen: first which, then how strongly. */
export function PaintOver() {
  const show = useInterface((state) => state.show);
  const over = useEngine((state) => state.over);
  const progress = useEngine((state) => state.overDownload);
  const record = useCurrentPicture();
  const [isChoosing, setChoosing] = useState(false);
  return (
    <Sheet
      title="Paint over with…"
      lead="A Stable Diffusion model takes the picture on screen, adds noise, and paints on from there: what was drawn stays where it is and gets other looks."
    >
      {over && record && !isChoosing ? (
        <OverForm key={record.id} over={over} record={record} onOther={() => setChoosing(true)} />
      ) : (
        <ModelSearch
          over
          remembered={rememberedOver}
          progress={progress}
          choose={async (place, options) => {
            if (place) await chooseOver(place, options);
          }}
          // Without a picture the model was opened for what Generate paints again.
          onDone={() => (record ? setChoosing(false) : show(null))}
          onCancel={() => show(null)}
        />
      )}
    </Sheet>
  );
}

interface OverFormProps {
  readonly over: ModelFacts;
  readonly record: PictureRecord;
  readonly onOther: () => void;
}

function OverForm({ over, record, onOther }: OverFormProps) {
  const show = useInterface((state) => state.show);
  const { overStrength, set } = usePreferences();
  const id = useId();
  // A picture that was painted over by this model brings its own.
  const before = record.over?.model === over.name ? record.over : undefined;
  const [strength, setStrength] = useState(before?.strength ?? overStrength);
  const [steps, setSteps] = useState(before?.settings.steps ?? over.defaults.steps);
  const [guidanceScale, setGuidance] = useState(before?.settings.guidanceScale ?? over.defaults.guidanceScale);
  // What was typed and cannot be.
  const [wrongSteps, setWrongSteps] = useState<string>();
  const [wrongGuidance, setWrongGuidance] = useState<string>();
  const isWrong = wrongSteps !== undefined || wrongGuidance !== undefined;
  const run = stepsOver({ steps }, strength);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set({ overStrength: strength });
    show(null);
    const { sampler, style } = over.defaults;
    const settings = { seed: record.settings.seed, steps, guidanceScale, sampler, style };
    void perform(() => paintOver(record, { settings, strength }));
  };
  return (
    <form onSubmit={submit} className="model-form">
      <p className="over-model">
        <span>{over.title}</span>
        <button type="button" className="button" onClick={onOther}>
          Another model…
        </button>
      </p>
      <div className="field">
        <label htmlFor={`${id}-strength`}>Strength {Math.round(strength * 100)} %</label>
        <input
          id={`${id}-strength`}
          type="range"
          min={5}
          max={100}
          step={5}
          value={Math.round(strength * 100)}
          aria-describedby={`${id}-run`}
          onChange={(event) => setStrength(event.target.valueAsNumber / 100)}
        />
        <small id={`${id}-run`}>
          {run > 0
            ? `${run} of ${steps} steps are run: the more, the less stays of the drawing.`
            : `Of ${steps} steps none would be run: take more strength, or more steps.`}
        </small>
      </div>
      <div className="model-fields">
        <div className="field">
          <NumberField
            label="Steps"
            value={steps}
            {...settingBounds.steps}
            step={1}
            wrong={wrongSteps}
            onWrong={setWrongSteps}
            onChange={(value) => {
              setSteps(value);
              setWrongSteps(undefined);
            }}
          />
        </div>
        <div className="field">
          <NumberField
            label="Guidance"
            value={guidanceScale}
            {...settingBounds.guidanceScale}
            step={0.1}
            wrong={wrongGuidance}
            onWrong={setWrongGuidance}
            onChange={(value) => {
              setGuidance(value);
              setWrongGuidance(undefined);
            }}
          />
        </div>
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => show(null)}>
          Cancel
        </button>
        <button type="submit" className="button button-primary" disabled={run === 0 || isWrong}>
          Paint over
        </button>
      </div>
    </form>
  );
}
