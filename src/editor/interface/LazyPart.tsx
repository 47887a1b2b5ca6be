import { type ComponentType, useEffect, useState } from 'react';
import { Boundary } from './Boundary.tsx';
import { loadPart } from './load-part.ts';
import { sayFailure } from './messages.ts';

type Load = () => Promise<ComponentType>;

interface LazyPartProps {
  readonly load: Load;
  /** Takes the part off the screen. */
  readonly close: () => void;
}

const loaded = new Map<Load, ComponentType>();

/**
 * A component that is fetched when it is first shown. When it cannot be fetched or drawn, that is said and it is closed; the next time it is
 * tried again, which React's own `lazy` never does.
 */
export function LazyPart({ load, close }: LazyPartProps) {
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
        sayFailure(error);
        close();
      },
    );
    return () => {
      isGone = true;
    };
  }, [load, close]);
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
