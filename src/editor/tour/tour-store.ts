import { create } from 'zustand';
import { useDocument } from '#editor/document/document-store.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { advance, beginTour, type Scene, type Tour } from './tour.ts';

/** The tour that is taken; null while none is. */
export const useTour = create<{ readonly tour: Tour | null }>()(() => ({ tour: null }));

function scene(): Scene {
  const { document, present } = useDocument.getState().history;
  return { document, graph: present, pictures: usePictures.getState().records };
}

let stop: (() => void) | undefined;

/** From the beginning. */
export function startTour(): void {
  endTour();
  useInterface.getState().showSide('canvas');
  useTour.setState({ tour: beginTour(scene()) });
  const follow = () => {
    const { tour } = useTour.getState();
    if (!tour) return;
    const next = advance(tour, scene());
    if (next === tour) return;
    useTour.setState({ tour: next });
    if (next.step === 'done' && next.before) showBoth(next.before.id);
  };
  const stops = [useDocument.subscribe(follow), usePictures.subscribe(follow)];
  stop = () => {
    for (const each of stops) each();
  };
}

/** Also before its end. It is not offered again. */
export function endTour(): void {
  stop?.();
  stop = undefined;
  useTour.setState({ tour: null });
  usePreferences.getState().set({ tourOffered: true });
}

/** The first picture beside the one of the turned edge. */
function showBoth(before: string): void {
  usePictures.getState().compareWith(before);
  useInterface.getState().showSide('picture');
}
