import type { RepairTarget } from '#editor/painting/repair.ts';
import { startRepair, useCanRepair } from '#editor/painting/repairable.ts';
import type { Verdict as VerdictName } from '#engine/contract/protocol.ts';
import { Verdict } from './Verdict.tsx';

interface MarkProps {
  readonly verdict: VerdictName;
  readonly target: RepairTarget;
  /** "sheep", "sheep left of tree" */
  readonly name: string;
}

/** In a node, which is a button itself: for the pointer alone. The keyboard has the node's toolbar, and the menu. */
export function PointerMark({ verdict, target }: Omit<MarkProps, 'name'>) {
  const canRepair = useCanRepair();
  if (verdict !== 'missing' || !canRepair) return <Verdict verdict={verdict} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: as said above
    // biome-ignore lint/a11y/useKeyWithClickEvents: as said above
    <span className="mark nodrag" title="Press to repair" onClick={() => startRepair(target)}>
      <Verdict verdict="missing" />
    </span>
  );
}

/** The verifier's word on a node or edge; what it did not find can be repaired from here. Lies beside buttons, never in one. */
export function Mark({ verdict, target, name }: MarkProps) {
  return verdict === 'missing' ? <Missing target={target} name={name} /> : <Verdict verdict={verdict} />;
}

function Missing({ target, name }: Omit<MarkProps, 'verdict'>) {
  const canRepair = useCanRepair();
  if (!canRepair) return <Verdict verdict="missing" />;
  return (
    <button
      type="button"
      className="mark nodrag nopan"
      aria-label={`Repair: ${name} is not found in the picture`}
      title="Not found in the picture. Press to repair"
      onClick={(event) => {
        event.stopPropagation();
        startRepair(target);
      }}
    >
      <Verdict verdict="missing" />
    </button>
  );
}
