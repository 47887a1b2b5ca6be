import { useInterface } from '#editor/interface/interface-store.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import {
  isRepairing,
  type Look,
  type RepairPhase,
  type RepairTry,
  stopRepair,
  useRepair,
} from '#editor/painting/repair.ts';
import { Outline } from '#editor/picture/Outline.tsx';
import { PictureCanvas } from '#editor/picture/PictureCanvas.tsx';
import { Sheet } from './Sheet.tsx';

/** What repair tries, what it saw there and how sure it is, until it is found, given up or stopped. */
export function Repair() {
  const { name, phase, tries, most } = useRepair();
  const preview = useEngine(({ run }) => (run.type === 'running' ? run.preview : undefined));
  const isBusy = isRepairing(phase);
  const close = () => {
    stopRepair();
    useInterface.getState().show(null);
  };
  return (
    <Sheet
      title={`Repair: ${name}`}
      lead="Other seeds first, then only where it should be. It counts when a second look, mirrored and at another size, sees it too."
      isWide
      onClose={close}
    >
      <div className="contact-bar">
        <p className="run-line" role="status" aria-label="Repair">
          {said(phase, tries, most)}
        </p>
        {isBusy ? (
          <button type="button" className="button" onClick={stopRepair}>
            Stop
          </button>
        ) : (
          <button type="button" className="button button-primary" onClick={close}>
            {phase.type === 'found' ? 'Take it' : 'Close'}
          </button>
        )}
      </div>
      <ul className="contact-sheet">
        {tries.map((each) => (
          <li key={each.record.id}>
            <Try tried={each} />
          </li>
        ))}
        {(phase.type === 'painting' || phase.type === 'looking') && (
          <li>
            <div className="repair-try">
              <div className="stage">{preview && <PictureCanvas picture={preview} />}</div>
              {titleOf(phase.way, phase.seed)}
              <small>{phase.type === 'painting' ? 'Painting…' : 'Looking…'}</small>
            </div>
          </li>
        )}
      </ul>
    </Sheet>
  );
}

function Try({ tried: { way, record, first, second, isWorse } }: { readonly tried: RepairTry }) {
  const isFound = second?.verdict === 'found';
  return (
    <div className="repair-try" data-found={isFound}>
      <div className="stage">
        <PictureCanvas picture={record.result.picture} alt={titleOf(way, record.settings.seed)} />
        {first.boxes.map((box) => (
          <Outline key={box.join()} box={box} kind="is" />
        ))}
        {second?.boxes.map((box) => (
          <Outline key={box.join()} box={box} kind="wish" />
        ))}
      </div>
      {titleOf(way, record.settings.seed)}
      <small>First look: {lookText(first)}</small>
      {second && <small>Second look: {lookText(second)}</small>}
      {isWorse && first.verdict === 'found' && <small>More of the rest is lost</small>}
    </div>
  );
}

const titleOf = (way: RepairTry['way'], seed: number): string =>
  way === 'seed' ? `Seed ${seed}` : `Region, seed ${seed}`;

const verdictWords = { found: 'found', missing: 'not found', unsure: 'unsure' } as const;

function lookText({ verdict, score }: Look): string {
  return score === undefined ? verdictWords[verdict] : `${verdictWords[verdict]}, ${Math.round(100 * score)} % sure`;
}

function said(phase: RepairPhase, tries: readonly RepairTry[], most: number): string {
  const count = tries.length === 1 ? '1 try' : `${tries.length} tries`;
  switch (phase.type) {
    case 'painting':
    case 'looking':
      return `Try ${tries.length + 1} of at most ${most}: ${titleOf(phase.way, phase.seed).toLowerCase()}`;
    case 'found':
      return `Found after ${count}: both looks agree. It is on the stage and in the history.`;
    case 'gave-up':
      return `Gave up after ${count}. The picture is as it was. Another style, more steps or fewer relations may help.`;
    case 'stopped':
      return `Stopped after ${count}. The picture is as it was.`;
    case 'failed':
      return `Stopped: ${phase.message}`;
    default:
      return phase satisfies never;
  }
}
