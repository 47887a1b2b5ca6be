/** The chip in hand: taken up by pointer or arrow keys, let go or called off. What it turns is worked out as it moves. */
import { useEffect, useMemo, useState } from 'react';
import { useDocument } from '#editor/document/document-store.ts';
import type { Point } from '#editor/interface/interface-store.ts';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { useEngine, useManifest } from '#editor/painting/engine-store.ts';
import { consider } from '#editor/painting/live.ts';
import type { Box } from '#graph/places/geometry.ts';
import { type TurnedRelation, turnedRelations, withTurned } from '#graph/places/turned-relations.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { namesOf } from '#graph/words/describe.ts';
import { isInPicture, movedBy } from './surface.ts';

export interface Held {
  readonly id: string;
  /** From where the hand took it, in shares of the picture. */
  readonly from: Box;
  readonly by: Point;
}

export interface Hand {
  readonly held: Held | null;
  /** Let go, and waiting for its picture. */
  readonly dropped: Held | null;
  readonly turned: readonly TurnedRelation[];
  hold(held: Held): void;
  letGo(): void;
  callOff(): void;
}

/** @param boxes of what is in the picture */
export function useHand(graph: SceneGraph, boxes: ReadonlyMap<string, Box>): Hand {
  const [held, hold] = useState<Held | null>(null);
  const [drop, setDrop] = useState<{ readonly held: Held; readonly graph: SceneGraph } | null>(null);
  const predicates = useManifest()?.vocabulary.predicates;
  const turned = useMemo(
    () => (held ? turnedBy(held, graph, boxes, predicates) : []),
    [held, graph, boxes, predicates],
  );
  const turnedTo = useMemo(() => (turned.length > 0 ? withTurned(graph, turned) : undefined), [graph, turned]);
  useDrafts(held !== null, turnedTo);
  const letGo = () => {
    hold(null);
    if (!held || !turnedTo) return;
    const name = namesOf(graph).get(held.id) ?? '';
    if (!useDocument.getState().apply(`Move ${name} in the picture`, () => turnedTo)) return;
    setDrop({ held, graph: turnedTo });
  };
  // Painted, given up or failed: from here on it is where the picture has it.
  useEffect(
    () =>
      useEngine.subscribe(({ run }, before) => {
        if (run.type === 'idle' && before.run.type === 'running') setDrop(null);
      }),
    [],
  );
  const callOff = () => hold(null);
  useEscape(held === null ? undefined : callOff);
  return { held, dropped: drop?.graph === graph ? drop.held : null, turned, hold, letGo, callOff };
}

function turnedBy(
  { id, from, by }: Held,
  graph: SceneGraph,
  boxes: ReadonlyMap<string, Box>,
  predicates: readonly string[] | undefined,
): readonly TurnedRelation[] {
  if (!boxes.has(id) && !isInPicture(from, by)) return [];
  const known = predicates ?? [...new Set(graph.relations.map(({ predicate }) => predicate))];
  return turnedRelations(graph, boxes, { id, to: movedBy(from, by) }, known);
}

/** With Live on, what letting go would make of the picture is drafted meanwhile. */
function useDrafts(isHeld: boolean, graph: SceneGraph | undefined): void {
  const isLive = usePreferences((state) => state.live);
  const wish = isHeld && isLive ? graph : undefined;
  useEffect(() => {
    if (!wish) return;
    consider(wish);
    return () => consider(undefined);
  }, [wish]);
}

/** Wherever the focus is: a pointer may hold what has none. */
function useEscape(callOff: (() => void) | undefined): void {
  useEffect(() => {
    if (!callOff) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      callOff();
    };
    document.addEventListener('keydown', onKeyDown, { capture: true });
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true });
  });
}
