/** The words a model knows. The editor reads them from the loaded model's manifest, never from a constant. */
export interface Vocabulary {
  readonly objects: readonly string[];
  readonly predicates: readonly string[];
  readonly attributes: readonly string[];
}

/** What a model accepts in one graph. */
export interface GraphLimits {
  readonly objects: number;
  readonly relations: number;
}
