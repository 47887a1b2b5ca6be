import { type ComponentType, useEffect, useState } from 'react';
import { Boundary } from './Boundary.tsx';
import { loadPart } from './load-part.ts';
import { sayFailure } from './messages.ts';
import { dropKeys, keepKeys } from './typed-ahead.ts';

type Load = () => Promise<ComponentType>;

interface LazyPartProps {
  readonly load: Load;
  /** Takes the part off the screen. */
  readonly close: () => void;
  /** What takes the focus and all keys; true when absent. Of anything else keys go where the focus is. */
  readonly isDialog?: boolean;
}

const loaded = new Map<Load, ComponentType>();

/** Fetches parts one after another when the page rests. What cannot be had is tried again, and said, when it is needed. */
export function preloadParts(loads: readonly Load[]): void {
  // Safari has no idle callback.
  const whenIdle = globalThis.requestIdleCallback ?? ((go: () => void) => setTimeout(go, 1500));
  whenIdle(async () => {
    for (const load of loads) {
      if (loaded.has(load)) continue;
      await load().then(
        (component) => loaded.set(load, component),
        () => undefined,
      );
    }
  });
}

/**
 * A component that is fetched when it is first shown. When it cannot be fetched or drawn, that is said and it is closed; the next time it is
 * tried again, which React's own `lazy` never does.
 */
export function LazyPart({ load, close, isDialog = true }: LazyPartProps) {
  const [Part, show] = useState(() => loaded.get(load));
  useEffect(() => {
    if (loaded.has(load)) return;
    let isGone = false;
    loadPart(load).then(
      (component) => {
        loaded.set(load, component);
        if (!isGone) show(() => component);
      },
      (error: unknown) => {
        if (isGone) return;
        dropKeys(close);
        sayFailure(error);
        close();
      },
    );
    return () => {
      isGone = true;
    };
  }, [load, close]);
  const isWaiting = Part === undefined;
  useEffect(() => (isWaiting ? keepKeys(close, { isDialog }) : undefined), [isWaiting, close, isDialog]);
  if (!Part) return null;
  return (
    <Boundary fallback={(error) => <Closing error={error} close={close} />}>
      <Part />
    </Boundary>
  );
}

/** What cannot be drawn says so and is gone. */
function Closing({ error, close }: { readonly error: unknown; readonly close: () => void }) {
  useEffect(() => {
    sayFailure(error);
    close();
  }, [error, close]);
  return null;
}
