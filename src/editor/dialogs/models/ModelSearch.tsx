import { Progress } from 'radix-ui';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { surveyModel } from '#editor/painting/models/models.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import { DEFAULT_HUB, type ModelPlace } from '#engine/contract/model-place.ts';
import type { ModelSurvey } from '#engine/contract/model-survey.ts';
import { sizeText } from '#engine/contract/size-text.ts';
import { knownModels } from './known-models.ts';
import { StoredModels } from './StoredModels.tsx';

type Kind = 'built-in' | 'hub' | 'url' | 'folder';

type Phase =
  | { readonly type: 'asking'; readonly fault?: string }
  | { readonly type: 'measuring' }
  /** Measured: nothing is fetched before the user has seen how much it is. */
  | { readonly type: 'offering'; readonly place: ModelPlace; readonly survey: ModelSurvey }
  | { readonly type: 'loading' };

const kinds: readonly { readonly kind: Kind; readonly title: string; readonly lead: string }[] = [
  { kind: 'built-in', title: 'Built-in', lead: 'The illustrated world that comes with Sgraffito.' },
  { kind: 'hub', title: 'From a hub', lead: 'A Stable Diffusion model in ONNX layout, by its name.' },
  { kind: 'url', title: 'From an address', lead: 'The folder of a model package on any server that allows it.' },
  { kind: 'folder', title: 'From a folder', lead: 'A model package on this computer; it is read where it lies.' },
];

interface ModelSearchProps {
  /** What the model is for: to paint graphs, or over pictures, which the built-in one cannot. */
  readonly over: boolean;
  readonly remembered: () => Promise<ModelPlace | undefined>;
  /** Bytes that have come so far. */
  readonly progress: { readonly loaded: number; readonly total: number };
  /** @param place undefined for the built-in model */
  readonly choose: (place: ModelPlace | undefined, options: { readonly signal: AbortSignal }) => Promise<void>;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

/** Finds a model: built in, by name from a hub, from an address, or from a folder. Nothing is fetched before its size was seen. */
export function ModelSearch({ over, remembered, progress, choose, onDone, onCancel }: ModelSearchProps) {
  const [kind, setKind] = useState<Kind>(over ? 'hub' : 'built-in');
  const [name, setName] = useState('');
  const [hub, setHub] = useState(DEFAULT_HUB);
  const [url, setUrl] = useState('');
  const [phase, setPhase] = useState<Phase>({ type: 'asking' });
  const abort = useRef<AbortController | null>(null);
  const files = useRef<HTMLInputElement>(null);
  const foot = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    void remembered().then((place) => {
      if (!place) return;
      setKind(place.type === 'files' ? 'folder' : place.type);
      if (place.type === 'url') setUrl(place.url);
      if (place.type !== 'hub') return;
      setName(place.name);
      setHub(place.hub);
    });
    return () => abort.current?.abort();
  }, [remembered]);

  const hasAnswer = phase.type === 'offering' || (phase.type === 'asking' && phase.fault !== undefined);
  useEffect(() => {
    if (!hasAnswer) return;
    // The fields were shut while it was asked, and let the focus go. What cannot be used can still be left.
    [...(foot.current?.querySelectorAll<HTMLElement>('button:enabled') ?? [])].at(-1)?.focus();
  }, [hasAnswer]);

  const attempt = async (work: (signal: AbortSignal) => Promise<Phase | undefined>) => {
    const mine = new AbortController();
    abort.current = mine;
    try {
      const next = await work(mine.signal);
      if (next) setPhase(next);
      else onDone();
    } catch (error) {
      setPhase(mine.signal.aborted ? { type: 'asking' } : { type: 'asking', fault: faultOf(error).message });
    }
  };
  const load = (place: ModelPlace | undefined) => {
    setPhase({ type: 'loading' });
    return attempt(async (signal) => {
      await choose(place, { signal });
      return undefined;
    });
  };
  const measure = (place: ModelPlace) => {
    setPhase({ type: 'measuring' });
    return attempt(async (signal) => ({ type: 'offering', place, survey: await surveyModel(place, { over, signal }) }));
  };
  const pickFolder = async () => {
    if (!('showDirectoryPicker' in window)) {
      files.current?.click();
      return;
    }
    try {
      const pick = window.showDirectoryPicker as () => Promise<FileSystemDirectoryHandle>;
      await load({ type: 'folder', folder: await pick() });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return; // the user closed the browser's dialog
      setPhase({ type: 'asking', fault: error instanceof Error ? error.message : String(error) });
    }
  };
  const takeFiles = (list: FileList | null) => {
    if (!list || list.length === 0) return;
    const picked = [...list].map((file) => ({ path: file.webkitRelativePath.split('/').slice(1).join('/'), file }));
    void load({ type: 'files', name: list[0]!.webkitRelativePath.split('/')[0] ?? 'folder', files: picked });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (phase.type === 'offering') void load(phase.place);
    else if (kind === 'built-in') void load(undefined);
    else if (kind === 'hub') void measure({ type: 'hub', name: name.trim(), hub: hub.trim() });
    else if (kind === 'url') void measure({ type: 'url', url: url.trim() });
    else void pickFolder();
  };
  const isBusy = phase.type === 'measuring' || phase.type === 'loading';
  const edit = (set: (text: string) => void) => (event: { target: { value: string } }) => {
    set(event.target.value);
    setPhase({ type: 'asking' });
  };
  return (
    <>
      <form id={id} onSubmit={submit} className="model-form">
        <fieldset disabled={isBusy}>
          <legend className="visually-hidden">Where the model lies</legend>
          {kinds
            .filter((each) => !over || each.kind !== 'built-in')
            .map((each) => (
              <label key={each.kind} className="model-kind">
                <input
                  type="radio"
                  name={`${id}-kind`}
                  checked={kind === each.kind}
                  onChange={() => {
                    setKind(each.kind);
                    setPhase({ type: 'asking' });
                  }}
                />
                <span>
                  {each.title}
                  <small>{each.lead}</small>
                </span>
              </label>
            ))}
          {kind === 'hub' && (
            <div className="model-fields">
              <KnownModels
                over={over}
                onChoose={(known) => {
                  setName(known);
                  setHub(DEFAULT_HUB);
                  setPhase({ type: 'asking' });
                }}
              />
              <TextField id={`${id}-name`} label="Model name" value={name} hint="OWNER/NAME" onChange={edit(setName)} />
              <TextField id={`${id}-hub`} label="Hub" value={hub} hint={DEFAULT_HUB} onChange={edit(setHub)} />
            </div>
          )}
          {kind === 'url' && (
            <TextField
              id={`${id}-url`}
              label="Address of the folder"
              value={url}
              hint="https://example.org/models/sd-turbo/"
              onChange={edit(setUrl)}
            />
          )}
          <input
            ref={files}
            type="file"
            hidden
            aria-label="Folder of the model"
            onChange={(event) => takeFiles(event.target.files)}
            {...{ webkitdirectory: '' }}
          />
        </fieldset>
      </form>
      <Report phase={phase} progress={progress} />
      {!isBusy && <StoredModels />}
      <div ref={foot} className="dialog-foot">
        <button type="button" className="button" onClick={() => (isBusy ? abort.current?.abort() : onCancel())}>
          Cancel
        </button>
        <button type="submit" form={id} className="button button-primary" disabled={isBusy || isRefused(phase)}>
          {labelOf(phase, kind)}
        </button>
      </div>
    </>
  );
}

function labelOf(phase: Phase, kind: Kind): string {
  if (phase.type === 'offering') return phase.survey.kept < phase.survey.bytes ? 'Download and use' : 'Use it';
  if (phase.type === 'asking' && phase.fault) return 'Try again';
  if (kind === 'built-in') return 'Use it';
  return kind === 'folder' ? 'Choose folder…' : 'Look it up';
}

const isRefused = (phase: Phase): boolean =>
  phase.type === 'offering' && phase.survey.obstacles.some(({ isFinal }) => isFinal);

/** How far it is, or what went wrong. */
function Report({ phase, progress: { loaded, total } }: { phase: Phase; progress: ModelSearchProps['progress'] }) {
  switch (phase.type) {
    case 'asking':
      return phase.fault ? <p role="alert">{phase.fault}</p> : null;
    case 'measuring':
      return <p role="status">Asking how large it is…</p>;
    case 'offering':
      return (
        <>
          <p role="status">{offerText(phase.survey)}</p>
          {phase.survey.obstacles.map(({ message, isFinal }) => (
            <p key={message} className="model-obstacle" role={isFinal ? 'alert' : undefined}>
              {message}
            </p>
          ))}
        </>
      );
    case 'loading':
      return (
        <div className="model-progress">
          <p role="status" className="numeric">
            {total > 0 && loaded >= total ? 'Preparing the model…' : `${sizeText(loaded)} of ${sizeText(total)}`}
          </p>
          <Progress.Root className="progress" value={loaded} max={Math.max(1, total)} aria-label="Download">
            <Progress.Indicator style={{ width: `${(100 * loaded) / Math.max(1, total)}%` }} />
          </Progress.Root>
        </div>
      );
    default:
      return phase satisfies never;
  }
}

function offerText({ bytes, kept }: ModelSurvey): string {
  if (kept >= bytes) return `The model (${sizeText(bytes)}) is on this computer already.`;
  const rest = kept > 0 ? `; ${sizeText(kept)} of it are here already` : '';
  return `The model is ${sizeText(bytes)} large${rest}. A download that breaks off goes on where it stopped.`;
}

/** Names that nobody has to know. */
function KnownModels({ over, onChoose }: { over: boolean; onChoose: (name: string) => void }) {
  return (
    <fieldset className="known-models">
      <legend>Models in the layout that is read here</legend>
      {knownModels
        .filter(({ hasEncoder }) => hasEncoder || !over)
        .map(({ name, title, size, licence, needs }) => (
          <button key={name} type="button" className="button known-model" onClick={() => onChoose(name)}>
            <span>
              {title} <small>{name}</small>
            </span>
            <small>{[size, licence, needs].filter((part) => part !== undefined).join(' · ')}</small>
          </button>
        ))}
    </fieldset>
  );
}

interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly onChange: (event: { target: { value: string } }) => void;
}

function TextField({ id, label, value, hint, onChange }: TextFieldProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        value={value}
        placeholder={hint}
        maxLength={2000}
        spellCheck={false}
        autoComplete="off"
        required
        onChange={onChange}
      />
    </div>
  );
}
