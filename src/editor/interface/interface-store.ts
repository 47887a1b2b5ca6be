/** The state of the screen itself: what is open, what is lit, what this person prefers. None of it belongs to the document. */

import { create } from 'zustand';
import type { Recipe } from '#engine/contract/recipe.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { Phrase } from '#graph/words/phrase.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A combobox that asks for a word, and what its answer is for: on the label that it changes, else at a place of the screen (client coordinates). */
export type Picker =
  | { readonly type: 'object'; readonly at: Point; readonly position: Point }
  | { readonly type: 'relabel'; readonly id: string }
  | { readonly type: 'attributes'; readonly at: Point; readonly ids: readonly string[] }
  | { readonly type: 'relation'; readonly at: Point; readonly subject: string; readonly object: string }
  | { readonly type: 'predicate'; readonly id: string }
  | {
      readonly type: 'branch';
      readonly at: Point;
      readonly position: Point;
      readonly subject: string;
      /** What is at its far end, once that is known. */
      readonly object?: Pick<Phrase, 'label' | 'attributes'>;
    };

export interface NamedGraph {
  readonly name: string;
  readonly graph: SceneGraph;
  /** Of the picture that the graph came in. */
  readonly recipe?: Recipe;
}

type Dialog =
  | { readonly type: 'help' }
  | { readonly type: 'commands' }
  | { readonly type: 'model' }
  | { readonly type: 'machine' }
  | { readonly type: 'paint-over' }
  | { readonly type: 'sentence' }
  | { readonly type: 'gallery' }
  | { readonly type: 'graphs' }
  | { readonly type: 'history' }
  | { readonly type: 'name-graph' }
  | { readonly type: 'whole-picture' }
  | { readonly type: 'repair' }
  | { readonly type: 'name-picture'; readonly id: string }
  | { readonly type: 'add-relation'; readonly subject?: string }
  | {
      readonly type: 'choose-graph';
      readonly source: string;
      readonly graphs: readonly NamedGraph[];
      /** What was left out of the files, the first of it told. */
      readonly warnings: readonly string[];
      readonly leftOut: number;
    };

/** A node or edge whose attention is shown on the picture. */
export interface Lit {
  readonly type: 'object' | 'relation';
  readonly id: string;
  /** Of which it is a part: an id means nothing without it. */
  readonly document: string;
}

type Side = 'canvas' | 'picture';

interface InterfaceState {
  picker: Picker | null;
  dialog: Dialog | null;
  lit: Lit | null;
  paletteOpen: boolean;
  /** What is shown where there is room for one of the two. */
  side: Side;
  /** The graph lies on its picture, in the canvas' place. */
  onPicture: boolean;
  pick(picker: Picker | null): void;
  show(dialog: Dialog | null): void;
  light(lit: Lit | null): void;
  togglePalette(): void;
  showSide(side: Side): void;
  putOnPicture(onPicture: boolean): void;
}

/** What is open on the screen right now; never saved. */
export const useInterface = create<InterfaceState>()((set) => ({
  picker: null,
  dialog: null,
  lit: null,
  paletteOpen: false,
  side: 'canvas',
  onPicture: false,
  // It asks for something of the graph.
  pick: (picker) => set(picker ? { picker, side: 'canvas' } : { picker }),
  show: (dialog) => set({ dialog }),
  light: (lit) => set((state) => (isSame(state.lit, lit) ? state : { lit })),
  // Its words go onto the canvas.
  togglePalette: () => set((state) => ({ paletteOpen: !state.paletteOpen, side: 'canvas' })),
  showSide: (side) => set({ side, paletteOpen: false }),
  putOnPicture: (onPicture) => set({ onPicture, side: 'canvas' }),
}));

const isSame = (a: Lit | null, b: Lit | null): boolean =>
  a?.id === b?.id && a?.type === b?.type && a?.document === b?.document;
