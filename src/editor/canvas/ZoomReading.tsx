import { ControlButton, type ReactFlowState, useStore } from 'reactflow';
import { perform } from '#editor/actions/action.ts';
import { actionOf } from '#editor/actions/table.ts';

const percentOf = ({ transform: [, , zoom] }: ReactFlowState): number => Math.round(zoom * 100);

/** How near the canvas is; a press shows it at its own size. */
export function ZoomReading() {
  const percent = useStore(percentOf);
  return (
    <ControlButton
      className="zoom-reading numeric"
      aria-label={`Zoom ${percent} %, back to 100 %`}
      title="Zoom to 100 % (0)"
      onClick={() => void perform(actionOf('zoom-100').run)}
    >
      {percent}%
    </ControlButton>
  );
}
