import { memo } from 'react';
import { Handle, type NodeProps, Position, useConnection } from 'reactflow';
import { LabelIcon } from '#editor/menus/LabelIcon.tsx';
import { useManifest } from '#editor/state/engine-store.ts';
import { objectVerdict } from '#editor/state/findings.ts';
import { useInterface } from '#editor/state/interface-store.ts';
import { useCurrentPicture } from '#editor/state/pictures-store.ts';
import { kindIndex } from '#editor/state/vocabulary.ts';
import type { ObjectNode } from './flow-elements.ts';
import { Verdict } from './Verdict.tsx';

const sides = [Position.Top, Position.Right, Position.Bottom, Position.Left];

/** One object: its label, its attributes, and after a picture was made whether it is in there. */
export const ObjectNodeView = memo(function ObjectNodeView({ id, data, selected }: NodeProps<ObjectNode>) {
  const { object } = data;
  const manifest = useManifest();
  const verdict = objectVerdict(useCurrentPicture(), object);
  const isLit = useInterface((state) => state.lit?.type === 'object' && state.lit.id === id);
  const light = useInterface((state) => state.light);
  // While a connection is drawn from another node, this whole node is where it may land.
  const isLanding = useConnection((connection) => connection.inProgress && connection.fromNode.id !== id);
  const isKnown = manifest === null || manifest.vocabulary.objects.includes(object.label);
  return (
    <div
      className={isKnown ? 'node' : 'node node-unknown'}
      data-selected={selected}
      data-lit={isLit}
      data-landing={isLanding}
      style={{ '--kind': `var(--kind-${kindIndex(manifest, object.label)})` }}
      onPointerEnter={() => light({ type: 'object', id })}
      onPointerLeave={() => light(null)}
      title={isKnown ? undefined : `“${object.label}” is outside this model's vocabulary`}
    >
      <Handle type="target" position={Position.Top} id="landing" className="landing" isConnectableStart={false} />
      {sides.map((side) => (
        <Handle key={side} type="source" position={side} id={side} className="grip" aria-hidden />
      ))}
      <LabelIcon label={object.label} size={22} />
      <span className="node-words">
        <span className="node-label">{object.label}</span>
        {object.attributes.length > 0 && <span className="node-attributes">{object.attributes.join(', ')}</span>}
      </span>
      {verdict && <Verdict verdict={verdict} />}
    </div>
  );
});
