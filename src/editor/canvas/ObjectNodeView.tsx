import { memo, useState } from 'react';
import { Handle, type NodeProps, Position } from 'reactflow';
import { kindIndex, paintsAttributes } from '#editor/document/vocabulary.ts';
import type { ObjectNode } from '#editor/geometry/flow-elements.ts';
import { LabelIcon } from '#editor/menus/LabelIcon.tsx';
import { useManifest } from '#editor/painting/engine-store.ts';
import { objectVerdict, usePictureOfCanvas } from '#editor/painting/findings.ts';
import { useShownFacts } from '#editor/painting/models/built-in.ts';
import { sayReading, useReading } from '#editor/painting/word-readings.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { SceneObject } from '#graph/scene-graph.ts';
import { lightOff, lightUp, useIsLit } from './lighting.ts';
import { PointerMark } from './Mark.tsx';
import { useIsFaded } from './neighbourhood.ts';

const sides = [Position.Top, Position.Right, Position.Bottom, Position.Left];

/**
 * One object: its label, its attributes, and after a picture was made whether it is in there.
 *
 * React Flow measures handles by their class and needs some on every node, but each of its handles also listens to every change of the
 * canvas. Anchors stand in for them until the hand is near: of 300 nodes, one has grips.
 */
export const ObjectNodeView = memo(function ObjectNodeView({ id, data, selected }: NodeProps<ObjectNode>) {
  const { object } = data;
  const manifest = useManifest();
  const facts = useShownFacts();
  const verdict = objectVerdict(usePictureOfCanvas(), object);
  const isLit = useIsLit('object', id);
  const isFaded = useIsFaded('object', id);
  const [isNear, setNear] = useState(false);
  const isKnown = manifest === null || manifest.vocabulary.objects.includes(object.label);
  const reading = useReading(isKnown ? '' : object.label);
  const paintedAs = reading && 'label' in reading ? reading.label : undefined;
  return (
    <div
      className="node"
      data-read={isKnown ? undefined : reading?.by}
      data-selected={selected}
      data-lit={isLit}
      data-faded={isFaded}
      style={{ '--kind': `var(--kind-${kindIndex(facts, object.label)})` }}
      onPointerEnter={() => {
        setNear(true);
        lightUp('object', id);
      }}
      onPointerLeave={(event) => {
        // A connection that is being drawn from a grip leaves the node, and still needs the grip.
        if (event.buttons === 0) setNear(false);
        lightOff();
      }}
      title={reading ? sayReading(reading) : unpainted(object, manifest)}
    >
      <span className="anchor target" data-handlepos={Position.Top} />
      {sides.map((side) => (
        <span key={side} className="anchor source" data-handleid={side} data-handlepos={side} />
      ))}
      {(isNear || selected) &&
        sides.map((side) => <Handle key={side} type="source" position={side} id={side} className="grip" aria-hidden />)}
      <LabelIcon label={object.label} size={22} />
      <span className="node-words">
        <span className="node-label">{object.label}</span>
        {paintedAs !== undefined && <span className="node-attributes">painted as {paintedAs}</span>}
        {reading?.by === 'unknown' && <span className="node-attributes node-unpaintable">cannot be painted</span>}
        {object.attributes.length > 0 && (
          <span className="node-attributes" data-painted={paintsAttributes(manifest)}>
            {object.attributes.join(', ')}
          </span>
        )}
      </span>
      {verdict && <PointerMark verdict={verdict} target={{ type: 'object', id }} />}
    </div>
  );
});

const unpainted = ({ attributes }: SceneObject, manifest: ModelFacts | null): string | undefined =>
  attributes.length > 0 && !paintsAttributes(manifest) ? 'This model paints no attributes' : undefined;
