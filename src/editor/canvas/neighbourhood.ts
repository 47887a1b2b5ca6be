/** In a graph of many objects what is in hand stands out with all that touches it, and the rest fades. */
import { create } from 'zustand';
import { useDocument } from '#editor/document/document-store.ts';
import { type Lit, useInterface } from '#editor/interface/interface-store.ts';
import { type Elements, neighbourhood } from '#graph/neighbourhood.ts';

/** Of fewer objects every one can be seen at a glance, and what fades would only flicker. */
const MANY = 16;

/** Null while nothing fades. */
const useNear = create<{ readonly near: Elements | null }>()(() => ({ near: null }));

export function useIsFaded(type: Lit['type'], id: string): boolean {
  return useNear(({ near }) => near !== null && !(type === 'object' ? near.objects : near.relations).has(id));
}

/** Follows the hand, and where it is on nothing the selection. @returns the undo of its subscriptions */
export function keepNeighbourhood(): () => void {
  const follow = () => {
    const { history, selection } = useDocument.getState();
    const { present: graph, document } = history;
    const { lit } = useInterface.getState();
    const hand = lit?.document === document ? lit : null;
    const of = {
      objects: new Set(hand ? (hand.type === 'object' ? [hand.id] : []) : selection.objects),
      relations: new Set(hand ? (hand.type === 'relation' ? [hand.id] : []) : selection.relations),
    };
    const isAny = graph.objects.length >= MANY && of.objects.size + of.relations.size > 0;
    if (isAny || useNear.getState().near !== null) useNear.setState({ near: isAny ? neighbourhood(graph, of) : null });
  };
  const stops = [useDocument.subscribe(follow), useInterface.subscribe(follow)];
  return () => {
    for (const stop of stops) stop();
  };
}
