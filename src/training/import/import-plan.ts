/** What an importer finds out from the annotations, before a single photograph is read. */
import type { Scene, SceneGraphSample } from '#training/corpus/world/scene.ts';
import type { ImportableSet } from './importable-sets.ts';
import type { Tally } from './tally.ts';

export const dataSplits = ['train', 'validation', 'test'] as const;
export type DataSplit = (typeof dataSplits)[number];

/** Photographs have one style; models need at least one. */
export const PHOTO_STYLE = 'photo';

export interface DescribedPicture {
  /** Everything that is annotated; boxes in [0, 1] of the photograph. */
  readonly scene: Scene;
  /** The graph as sg2im prepares it, the same in every run. */
  readonly sample: SceneGraphSample;
  /** Visible share of each object in each cell, 0–255: objects × grid × grid. */
  readonly masks: Uint8Array;
  /** What was left out of it, a reason each. */
  readonly leftOut?: readonly string[];
}

/** A record that cannot be used; its message is what the report counts. */
export class DamagedRecordError extends Error {
  override readonly name = 'DamagedRecordError';
}

export interface PlannedPicture {
  readonly id: number;
  /** Paths under the data folder where the photograph may lie; the first one that is there counts. */
  readonly files: readonly string[];
  /** Of the photograph, as the record says, in pixels; undefined where it says nothing. */
  readonly shape: { readonly width: number; readonly height: number } | undefined;
  /**
   * @param grid cells of the masks per side.
   * @throws DamagedRecordError
   */
  describe(grid: number): DescribedPicture;
}

export interface ImportPlan {
  readonly name: ImportableSet;
  readonly labels: readonly string[];
  /** Those of the labels that fill regions: sky, grass. */
  readonly regions: readonly string[];
  readonly predicates: readonly string[];
  readonly attributes: readonly string[];
  readonly splits: Readonly<Record<DataSplit, readonly PlannedPicture[]>>;
  /** What was left out of the annotations, by reason. */
  readonly skipped: Tally;
  /** What a reader of the report should know. */
  readonly notes: readonly string[];
}
