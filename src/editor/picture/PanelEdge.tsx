import { type KeyboardEvent, type PointerEvent, useEffect, useState } from 'react';
import { usePreferences } from '#editor/interface/preferences-store.ts';

/** Pixels, and shares of the window: the settings need as much, and the canvas the rest. */
const LEAST = 256;
const MOST_SHARE = 0.6;
const STEP = 16;

const mostOf = (): number => Math.max(LEAST, Math.round(innerWidth * MOST_SHARE));

/** @param width null for the one that suits the screen */
function widen(width: number | null): void {
  const panelWidth = width === null ? null : Math.round(Math.min(mostOf(), Math.max(LEAST, width)));
  usePreferences.getState().set({ panelWidth });
}

/** Arrows move the edge; Enter puts it back. @returns undefined for other keys */
function widthAfter(key: string, width: number): number | null | undefined {
  switch (key) {
    case 'ArrowLeft':
      return width + STEP;
    case 'ArrowRight':
      return width - STEP;
    case 'Home':
      return mostOf();
    case 'End':
      return LEAST;
    case 'Enter':
      return null;
    default:
      return undefined;
  }
}

/** The edge between canvas and picture: dragged, moved by arrow keys, and by a double click put back. */
export function PanelEdge() {
  const width = usePanelWidth();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line between paragraphs moves nothing
    <div
      className="panel-edge"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the picture’s side"
      aria-controls="panel"
      aria-valuemin={LEAST}
      aria-valuemax={mostOf()}
      aria-valuenow={width}
      aria-valuetext={`${width} pixels`}
      title="Drag to resize, double-click to reset"
      onKeyDown={(event: KeyboardEvent) => {
        const next = event.ctrlKey || event.metaKey || event.altKey ? undefined : widthAfter(event.key, width);
        if (next === undefined) return;
        event.preventDefault();
        widen(next);
      }}
      onPointerDown={(event) => event.button === 0 && event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event: PointerEvent) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) widen(innerWidth - event.clientX);
      }}
      onDoubleClick={() => widen(null)}
    />
  );
}

/** As it is on the screen: a window may be too narrow for what was wished. */
function usePanelWidth(): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const panel = document.getElementById('panel');
    if (!panel) return;
    const sizes = new ResizeObserver(() => setWidth(panel.offsetWidth));
    sizes.observe(panel);
    return () => sizes.disconnect();
  }, []);
  return width;
}
