/** A Picturebook scene: what is in a picture, where, and which relations are true of it. Pure data; rendering is in render.ts. */

/** A scene has no more things than this: more do not fit so that each is seen. */
export const MOST_THINGS = 6;

/** Left, top, right, bottom in [0, 1] of the picture; y points down. */
export type Box = readonly [number, number, number, number];

export interface PlacedObject {
  readonly label: string;
  readonly attributes: readonly string[];
  /** The visible drawing's box (of its opaque pixels), clipped to the picture. */
  readonly box: Box;
  /** Larger = nearer to the viewer. Things drawn later hide things drawn earlier. */
  readonly depth: number;
  /** Grounds and skies fill regions instead of being sprites. */
  readonly isGround: boolean;
  /** It is a part of this object's drawing (index in the scene) and is drawn with it. */
  readonly partOf?: number;
  /** Share of the drawing's height that is shown, from the top; 1 when absent. The legs of a rider are behind the mount. */
  readonly shown?: number;
}

/** Neither a region nor a part of another drawing. */
export const isThing = ({ isGround, partOf }: Pick<PlacedObject, 'isGround' | 'partOf'>): boolean =>
  !isGround && partOf === undefined;

/** Indices into the scene's objects. */
export interface PlacedRelation {
  readonly subject: number;
  readonly predicate: string;
  readonly object: number;
  /** Nobody would guess it, so every graph of the scene says it, unless it is held out. */
  readonly unlikely?: true;
}

export interface Scene {
  readonly style: string;
  readonly objects: readonly PlacedObject[];
  /** Every relation of the vocabulary that is true of the picture. */
  readonly relations: readonly PlacedRelation[];
  /** The painter's graphs say as much of it as test graphs do; as much as people do when absent. */
  readonly isWhole?: true;
}

/** The part of a scene that a model is shown: a random subset of objects and true relations, sparse or dense. */
export interface SceneGraphSample {
  readonly style: string;
  readonly objects: readonly {
    readonly label: string;
    readonly attributes: readonly string[];
    readonly sceneIndex: number;
  }[];
  /** Indices into this sample's objects. */
  readonly relations: readonly PlacedRelation[];
}

export interface RenderedScene {
  readonly scene: Scene;
  /** RGB, 8 bit, height × width × 3. */
  readonly rgb: Uint8Array;
  readonly size: number;
  /** Visible share of each object in each cell of a grid, 0–255: objects × grid × grid. */
  readonly masks: Uint8Array;
  readonly grid: number;
}
