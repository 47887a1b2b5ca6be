/** Pictures by the engine that ships, split into its stages and into time in ONNX Runtime and outside of it. The same in Node and in a page. */
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { Picture } from '#engine/contract/protocol.ts';
import type { Engine } from '#engine/engine.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { type Figure, figure } from './figures.ts';
import type { Lap, NetworkName, SessionClock } from './session-clock.ts';

/** Four objects and three relations, as people draw them. */
const graph = documentOf({
  objects: ['sheep', 'tree', 'grass', 'sky'].map((label) => ({ label, attributes: [] })),
  relations: [
    { subject: 0, predicate: 'left of', object: 1 },
    { subject: 0, predicate: 'standing on', object: 2 },
    { subject: 3, predicate: 'above', object: 2 },
  ],
});

export interface TimedPicture extends Lap {
  /** Milliseconds from graph to verdicts. */
  readonly whole: number;
  /** The same by the student, where the package has one. */
  readonly byStudent?: { readonly whole: number; readonly firstPreview: number };
}

/** The model's own settings, without previews; one picture first that is not counted. @param steps the model's own when absent */
export async function timePictures(
  engine: Engine,
  clock: SessionClock,
  rounds: number,
  steps: number = engine.manifest.defaults.steps,
): Promise<TimedPicture[]> {
  const settings: GenerationSettings = { ...engine.manifest.defaults, seed: 7, steps };
  const pictures: TimedPicture[] = [];
  for (let round = 0; round <= rounds; round++) {
    clock.lap();
    const { milliseconds: whole } = await engine.generate(graph, settings);
    const lap = clock.lap();
    const byStudent = engine.manifest.student && (await draft(engine, { ...settings, sampler: 'student' }));
    if (round > 0) pictures.push({ whole, ...lap, ...(byStudent && { byStudent }) });
  }
  return pictures;
}

/** As Live paints it, with previews; where it is done before one is worth its time, the first is the picture itself. */
async function draft(engine: Engine, settings: GenerationSettings): Promise<NonNullable<TimedPicture['byStudent']>> {
  const start = performance.now();
  let firstPreview: number | undefined;
  const onStep = (_done: number, _steps: number, preview: Picture | undefined) => {
    if (preview) firstPreview ??= performance.now() - start;
  };
  const { milliseconds: whole } = await engine.generate(graph, settings, { onStep });
  return { whole, firstPreview: firstPreview ?? whole };
}

const sum = (parts: Lap['milliseconds']): number => Object.values(parts).reduce((total, each) => total + each, 0);

/** @param where "Node", "Chromium" */
export function paintingFigures(where: string, pictures: readonly TimedPicture[]): Figure[] {
  const names = Object.keys(pictures[0]?.milliseconds ?? {}) as NetworkName[];
  const stages = names.map((name) => {
    const times = pictures.map(({ milliseconds }) => milliseconds[name]);
    return figure(`${where}: in ${name}, ${pictures[0]?.runs[name]} runs`, 'ms', times);
  });
  const of = (value: (picture: TimedPicture) => number) => pictures.map(value);
  return [
    figure(
      `${where}: whole picture`,
      'ms',
      of(({ whole }) => whole),
    ),
    ...stages,
    figure(
      `${where}: outside of the sessions`,
      'ms',
      of(({ whole, milliseconds }) => whole - sum(milliseconds)),
    ),
    figure(
      `${where}: overhead, whole picture ÷ bare sessions`,
      '×',
      of(({ whole, milliseconds }) => whole / sum(milliseconds)),
    ),
    ...studentFigures(where, pictures),
  ];
}

function studentFigures(where: string, pictures: readonly TimedPicture[]): Figure[] {
  const drafts = pictures.flatMap(({ whole, byStudent }) => (byStudent ? [{ full: whole, ...byStudent }] : []));
  if (drafts.length === 0) return [];
  return [
    figure(
      `${where}: picture by the student, with previews`,
      'ms',
      drafts.map(({ whole }) => whole),
    ),
    figure(
      `${where}: its first preview`,
      'ms',
      drafts.map(({ firstPreview }) => firstPreview),
    ),
    figure(
      `${where}: by the student ÷ whole picture`,
      '×',
      drafts.map(({ full, whole }) => whole / full),
    ),
  ];
}
