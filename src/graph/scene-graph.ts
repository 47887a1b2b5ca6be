/** The document: objects, and relations between them. Positions are for the canvas alone and never reach the model. */

export const SCENE_GRAPH_FORMAT = 'sgraffito/scene-graph';
export const SCENE_GRAPH_VERSION = 1;

export interface SceneObject {
  readonly id: string;
  /** A word of the model's vocabulary ("sheep"), or any word that its word vectors know ("lamb"). */
  readonly label: string;
  /** For example colours: "white". */
  readonly attributes: readonly string[];
  /** Canvas coordinates in CSS pixels at zoom 1. */
  readonly position: { readonly x: number; readonly y: number };
}

/** One triple: subject — predicate → object. */
export interface Relation {
  readonly id: string;
  /** Id of the subject. */
  readonly subject: string;
  readonly predicate: string;
  /** Id of the object. */
  readonly object: string;
}

export interface SceneGraph {
  readonly format: typeof SCENE_GRAPH_FORMAT;
  readonly version: typeof SCENE_GRAPH_VERSION;
  readonly objects: readonly SceneObject[];
  readonly relations: readonly Relation[];
}

export const EMPTY_SCENE_GRAPH: SceneGraph = {
  format: SCENE_GRAPH_FORMAT,
  version: SCENE_GRAPH_VERSION,
  objects: [],
  relations: [],
};
