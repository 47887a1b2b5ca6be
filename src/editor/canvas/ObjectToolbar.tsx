import { Copy, Pencil, Spline, Tag, Trash2, Wrench } from 'lucide-react';
import { Toolbar } from 'radix-ui';
import { ViewportPortal } from 'reactflow';
import { useDocument, useGraph } from '#editor/document/document-store.ts';
import { duplicateSelection, removeSelection } from '#editor/document/gestures.ts';
import { type Point, useInterface } from '#editor/interface/interface-store.ts';
import { objectVerdict, usePictureOfCanvas } from '#editor/painting/findings.ts';
import { startRepair, useCanRepair } from '#editor/painting/repairable.ts';
import { FloatPlace } from './FloatPlace.tsx';

/** What a single object in hand offers. */
export function ObjectToolbar() {
  const graph = useGraph();
  const selection = useDocument((state) => state.selection);
  const record = usePictureOfCanvas();
  const canRepair = useCanRepair();
  const { pick, show } = useInterface.getState();
  const object = graph.objects.find(({ id }) => id === selection.objects[0]);
  const isMissing = object !== undefined && objectVerdict(record, object) === 'missing';
  if (!object || selection.objects.length + selection.relations.length !== 1) return null;
  return (
    <ViewportPortal>
      <FloatPlace id={object.id} kind="object">
        <Toolbar.Root className="float-toolbar" aria-label={`Object ${object.label}`}>
          {isMissing && (
            <Toolbar.Button
              className="button"
              aria-label="Repair"
              title="Not found in the picture: paint until it is there"
              disabled={!canRepair}
              onClick={() => startRepair({ type: 'object', id: object.id })}
            >
              <Wrench size={15} aria-hidden />
              Repair
            </Toolbar.Button>
          )}
          <Toolbar.Button
            className="button button-icon"
            aria-label="Relabel"
            title="Relabel (Enter)"
            onClick={() => pick({ type: 'relabel', id: object.id })}
          >
            <Pencil size={15} aria-hidden />
          </Toolbar.Button>
          <Toolbar.Button
            className="button button-icon"
            aria-label="Attributes"
            title="Attributes (A)"
            onClick={(event) => pick({ type: 'attributes', at: below(event.currentTarget), ids: [object.id] })}
          >
            <Tag size={15} aria-hidden />
          </Toolbar.Button>
          <Toolbar.Button
            className="button button-icon"
            aria-label="Add relation"
            title="Add relation (R)"
            onClick={() => show({ type: 'add-relation', subject: object.id })}
          >
            <Spline size={15} aria-hidden />
          </Toolbar.Button>
          <Toolbar.Button
            className="button button-icon"
            aria-label="Duplicate"
            title="Duplicate"
            onClick={duplicateSelection}
          >
            <Copy size={15} aria-hidden />
          </Toolbar.Button>
          <Toolbar.Button
            className="button button-icon"
            aria-label="Remove object"
            title="Remove"
            onClick={removeSelection}
          >
            <Trash2 size={15} aria-hidden />
          </Toolbar.Button>
        </Toolbar.Root>
      </FloatPlace>
    </ViewportPortal>
  );
}

function below(button: HTMLElement): Point {
  const { left, bottom } = button.getBoundingClientRect();
  return { x: left, y: bottom };
}
