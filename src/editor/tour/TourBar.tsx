import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Tour, type TourStep, tourSteps } from './tour.ts';
import { endTour, startTour, useTour } from './tour-store.ts';

const told: Readonly<Record<TourStep, { readonly title: string; readonly how: ReactNode }>> = {
  add: {
    title: 'Add an object',
    how: (
      <>
        Double-click the canvas and type a word, such as <i>dog</i>. Or press <kbd>N</kbd>.
      </>
    ),
  },
  relate: {
    title: 'Draw a relation',
    how: (
      <>
        Drag from a dot at the edge of an object onto another one, and say how they relate. Or press <kbd>R</kbd>.
      </>
    ),
  },
  paint: { title: 'Paint', how: 'Press Generate. The model paints in your browser; nothing leaves it.' },
  turn: {
    title: 'Turn the edge',
    how: (
      <>
        Press the words on a line, then the tool <i>Opposite</i> or <i>Swap</i>, or choose another predicate.
      </>
    ),
  },
  compare: { title: 'Paint again', how: 'Generate once more. The seed is kept, so what differs comes from the edge.' },
};

/** The offer, or the step that is to be done: it covers no work and waits for nothing. */
export function TourBar() {
  const tour = useTour((state) => state.tour);
  return (
    <aside className="tour" aria-label="Tour">
      <div className="tour-words" aria-live="polite">
        {tour ? <Words tour={tour} /> : <p>New here? Five things to do, in a minute.</p>}
      </div>
      {!tour && (
        <button type="button" className="button button-primary" onClick={startTour}>
          Take the tour
        </button>
      )}
      <button
        type="button"
        className="button button-quiet button-icon"
        aria-label={labelOfClose(tour)}
        title={labelOfClose(tour)}
        onClick={endTour}
      >
        <X size={16} aria-hidden />
      </button>
    </aside>
  );
}

const labelOfClose = (tour: Tour | null): string =>
  tour === null ? 'No tour' : tour.step === 'done' ? 'Close the tour' : 'Skip the tour';

function Words({ tour: { step } }: { readonly tour: Tour }) {
  if (step === 'done') {
    return (
      <>
        <h2>Your edge, turned</h2>
        <p>
          Before and after stand side by side; a slider and a difference are beside them. <kbd>H</kbd> shows the history
          as a tree.
        </p>
      </>
    );
  }
  const { title, how } = told[step];
  return (
    <>
      <h2>
        {title}{' '}
        <small className="numeric">
          {tourSteps.indexOf(step) + 1} of {tourSteps.length}
        </small>
      </h2>
      <p>{how}</p>
    </>
  );
}
