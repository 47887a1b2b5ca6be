import { TriangleAlert } from 'lucide-react';

interface FailureScreenProps {
  readonly error: unknown;
  readonly retry: () => void;
  /** Saves the graph as a file. */
  readonly save: () => void;
}

/** In place of a white page: what happened, and the ways on. */
export function FailureScreen({ error, retry, save }: FailureScreenProps) {
  return (
    <main className="failure-screen" role="alert">
      <TriangleAlert size={28} aria-hidden />
      <h1>The page could not be drawn</h1>
      <p>
        Your graph is kept. An extension of the browser that changes the page, such as a translator, can cause this:
        switch it off for this page.
      </p>
      <p className="failure-screen-reason">{error instanceof Error ? error.message : String(error)}</p>
      <p className="failure-screen-ways">
        <button type="button" className="button button-primary" onClick={retry}>
          Draw it again
        </button>
        <button type="button" className="button" onClick={() => location.reload()}>
          Reload
        </button>
        <button type="button" className="button" onClick={save}>
          Save the graph as a file
        </button>
      </p>
    </main>
  );
}
