import { Dices, Lock, LockOpen } from 'lucide-react';
import { Switch } from 'radix-ui';
import { type SyntheticEvent, useId, useState } from 'react';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { useShownFacts } from '#editor/painting/models/built-in.ts';
import { drawSeed, type NumberSetting, useSettings } from '#editor/painting/settings-store.ts';
import { type SamplerName, settingBounds } from '#engine/contract/generation-settings.ts';
import { samplersOf, stepsOf } from '#engine/contract/manifest.ts';
import { NumberField } from './NumberField.tsx';
import { StyleField } from './StyleField.tsx';
import { type SettingName, settingNotes } from './setting-notes.ts';

const samplerTitles: Readonly<Record<SamplerName, string>> = {
  euler: 'Euler',
  'euler-ancestral': 'Euler ancestral',
  heun: 'Heun',
  kdpm2: 'KDPM2',
  'dpmpp-2m': 'DPM++ 2M',
  'dpmpp-2m-sde': 'DPM++ 2M SDE',
  unipc: 'UniPC',
  ddim: 'DDIM',
  lms: 'LMS',
  pndm: 'PNDM',
  ddpm: 'DDPM',
  lcm: 'LCM',
  student: 'Student',
};

/** Everything beside the graph that decides a picture. */
export function SettingsForm() {
  const { seed, steps, guidanceScale, relationFactor = 1, sampler, style } = useSettings((state) => state.settings);
  const wrong = useSettings((state) => state.wrong);
  const { change, mistype } = useSettings.getState();
  // As they will be when the model is here: nothing jumps.
  const facts = useShownFacts();
  const kind = facts?.kind ?? 'picturebook';
  const student = facts?.student;
  const styles = facts?.styles ?? [];
  const samplers = samplersOf({ kind, student });
  // Who reads a graph as words cannot tell its relations from its objects.
  const tellsRelations = kind === 'picturebook';
  const numberField = tellsRelations ? 'field third' : 'field';
  const { seedLocked, live, keepRest, keepStrength, set } = usePreferences();
  // It was taught its steps, and guidance with them.
  const isStudent = sampler === 'student' && samplers.includes('student');
  const id = useId();
  const [explained, setExplained] = useState<SettingName>();
  const explain = ({ target }: SyntheticEvent) => {
    const name = (target as Element).closest<HTMLElement>('[data-setting]')?.dataset.setting;
    if (name !== undefined && name in settingNotes) setExplained(name as SettingName);
  };
  const LockIcon = seedLocked ? Lock : LockOpen;
  const numberOf = (setting: NumberSetting) => ({
    ...settingBounds[setting],
    note: settingNotes[setting],
    wrong: wrong[setting],
    disabled: isStudent && setting !== 'seed',
    onChange: (value: number) => change({ [setting]: value }),
    onWrong: (text: string | undefined) => mistype(setting, text),
  });
  return (
    <form
      className="settings"
      aria-label="Settings"
      onSubmit={(event) => event.preventDefault()}
      onFocus={explain}
      onPointerOver={explain}
    >
      <div className="field whole" data-setting="seed">
        <span className="field-label" aria-hidden>
          Seed
        </span>
        <div className="seed-row">
          <NumberField label="Seed" hideLabel value={seed} step={1} {...numberOf('seed')} />
          <button
            type="button"
            className="button button-icon"
            aria-label="New seed"
            title="New seed (D)"
            onClick={() => change({ seed: drawSeed() })}
          >
            <Dices size={15} aria-hidden />
          </button>
          <button
            type="button"
            className="button button-icon"
            aria-label="Keep the seed"
            aria-pressed={seedLocked}
            title={seedLocked ? 'Generate keeps this seed' : 'Generate draws a new seed each time'}
            onClick={() => set({ seedLocked: !seedLocked })}
          >
            <LockIcon size={15} aria-hidden />
          </button>
        </div>
      </div>
      <div className={numberField} data-setting="steps">
        <NumberField label="Steps" value={stepsOf({ sampler, steps }, { student })} step={1} {...numberOf('steps')} />
      </div>
      <div className={numberField} data-setting="guidanceScale">
        <NumberField label="Guidance" value={guidanceScale} step={0.1} {...numberOf('guidanceScale')} />
      </div>
      {tellsRelations && (
        <div className="field third" data-setting="relationFactor">
          <NumberField label="Relations ×" value={relationFactor} step={0.1} {...numberOf('relationFactor')} />
        </div>
      )}
      {styles.length > 0 && <StyleField styles={styles} value={style} onChange={(name) => change({ style: name })} />}
      <div className="field whole" data-setting="sampler">
        <label htmlFor={`${id}-sampler`}>Sampler</label>
        <select
          id={`${id}-sampler`}
          className="input"
          aria-describedby={`${id}-sampler-note`}
          value={sampler}
          onChange={(event) => {
            const next = samplers.find((name) => name === event.target.value);
            // What stands wrong in fields that will be closed could not be mended there.
            const closed = next === 'student' && { steps, guidanceScale, relationFactor };
            if (next) change({ sampler: next, ...closed });
          }}
        >
          {samplers.map((name) => (
            <option key={name} value={name}>
              {samplerTitles[name]}
            </option>
          ))}
        </select>
      </div>
      <p className="setting-note whole">{settingNotes[explained ?? 'seed']}</p>
      <span hidden id={`${id}-sampler-note`}>
        {settingNotes.sampler}
      </span>
      <div className="live-row whole">
        <label htmlFor={`${id}-live`}>
          Live
          <small>Drafts at every change, the picture when the hand rests; the same seed</small>
        </label>
        <Switch.Root
          id={`${id}-live`}
          className="switch"
          aria-label="Live"
          checked={live}
          onCheckedChange={(checked) => set({ live: checked })}
        >
          <Switch.Thumb className="switch-thumb" />
        </Switch.Root>
      </div>
      <div className="live-row whole">
        <label htmlFor={`${id}-keep`}>
          Keep the rest
          <small>Paint anew only what the change of the graph reaches</small>
        </label>
        <Switch.Root
          id={`${id}-keep`}
          className="switch"
          aria-label="Keep the rest"
          checked={keepRest}
          onCheckedChange={(checked) => set({ keepRest: checked })}
        >
          <Switch.Thumb className="switch-thumb" />
        </Switch.Root>
      </div>
      {keepRest && (
        <div className="field whole" data-setting="strength">
          <label htmlFor={`${id}-strength`}>Strength {Math.round(keepStrength * 100)} %</label>
          <input
            id={`${id}-strength`}
            type="range"
            min={10}
            max={100}
            step={5}
            value={Math.round(keepStrength * 100)}
            onChange={(event) => set({ keepStrength: Number(event.target.value) / 100 })}
          />
        </div>
      )}
    </form>
  );
}
