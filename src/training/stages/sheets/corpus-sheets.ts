/** Stage 1: sheets of every drawing and of sample scenes to look at, and the statistics of the corpus. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cell, contactSheet } from '#training/corpus/render/contact-sheet.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { spriteAspect } from '#training/corpus/render/sprites.ts';
import { corpusStatistics, tellingTriples } from '#training/corpus/sample/statistics.ts';
import { type SceneRecord, SceneStream } from '#training/corpus/sample/stream.ts';
import type { Scene, SceneGraphSample } from '#training/corpus/world/scene.ts';
import { backdropOf, backdrops, grounds, type Style, styles } from '#training/corpus/world/setting.ts';
import { things } from '#training/corpus/world/things.ts';
import { predicates } from '#training/corpus/world/world.ts';

interface CorpusStageOptions {
  readonly outDir: string;
  /** Takes one line of the summary. */
  readonly report: (line: string) => void;
  /** Scenes for the statistics. */
  readonly scenes?: number;
}

const SHEET_SCENES = 48;
/** Graphs that triples are counted over; they need no picture. Most of (206 labels)² are never seen together in 5,000. */
const GRAPHS_PER_SCENE = 8;
/** For the editor's suggestions: 4,000 are 380 kB of a manifest. */
const MOST_TRIPLES = 4000;

/** Writes `drawings-STYLE.png`, `grounds.png`, `scenes.png` and `statistics.json`. */
export async function runCorpusStage({ outDir, report, scenes = 5000 }: CorpusStageOptions): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  for (const style of styles) {
    const cells = things.map(({ label }) => drawingCell(style, label));
    writeFileSync(join(outDir, `drawings-${style}.png`), contactSheet(cells, { columns: 12, captionLines: 1 }));
  }
  const empty = styles.flatMap((style) =>
    grounds.map((ground) => sceneCell(emptyScene(style, ground, 0.5625), `${ground} (${style})`, 128)),
  );
  writeFileSync(join(outDir, 'grounds.png'), contactSheet(empty, { columns: grounds.length, captionLines: 1 }));

  const options = { split: 'train', size: 128, grid: 16, things: { min: 1, max: 4 }, start: 0 } as const;
  const looked = take(new SceneStream({ ...options, split: 'validation', size: 256 }), SHEET_SCENES);
  const cells = [...looked].map(({ rendered, sample }) => ({
    rgb: rendered.rgb,
    size: rendered.size,
    caption: captionOf(sample),
  }));
  writeFileSync(join(outDir, 'scenes.png'), contactSheet(cells, { columns: 8, captionLines: 5 }));

  const stream = new SceneStream(options);
  for (const _ of take(stream, scenes / 10)); // Sprites are scaled on first use; the speed below is that of the long run.
  const begun = performance.now();
  const statistics = corpusStatistics(take(stream, scenes));
  const scenesPerSecond = Math.round((scenes / (performance.now() - begun)) * 1000);
  const unseen = new SceneStream(options);
  const graphs = Array.from({ length: GRAPHS_PER_SCENE * scenes }, () => unseen.nextUnseen().sample);
  const triples = tellingTriples(graphs, MOST_TRIPLES);
  const json = JSON.stringify({ ...statistics, scenesPerSecond, triples }, null, 1);
  writeFileSync(join(outDir, 'statistics.json'), `${json}\n`);
  report(
    `corpus: ${things.length} things, ${grounds.length} grounds, ${backdrops.length} backdrops, ${styles.length} styles, ${predicates.length} predicates`,
  );
  report(`corpus: ${scenesPerSecond} scenes per second in one thread, counted over ${scenes}`);
  const shares = Object.entries(statistics.predicates).map(([name, { sampled }]) => `${name} ${sampled}`);
  report(`corpus: relations in the sampled graphs: ${shares.join(', ')}`);
  report(`corpus: sheets and statistics are in ${outDir}`);
}

/** "boy, horse, grass: boy riding horse; horse standing on grass" */
export function captionOf({ objects, relations }: SceneGraphSample): string {
  const name = (index: number) => objects[index]?.label ?? '?';
  const sentences = relations.map(({ subject, predicate, object }) => `${name(subject)} ${predicate} ${name(object)}`);
  return [objects.map(({ label }) => label).join(', '), sentences.join('; ')].filter(Boolean).join(': ');
}

function* take(stream: SceneStream, count: number): Generator<SceneRecord> {
  for (let i = 0; i < count; i++) yield stream.next();
}

function emptyScene(style: Style, ground: (typeof grounds)[number], horizon: number): Scene {
  const region = (label: string, top: number, bottom: number) => ({
    label,
    attributes: [],
    box: [0, top, 1, bottom] as const,
    depth: 0,
    isGround: true,
  });
  return { style, objects: [region(backdropOf(ground), 0, horizon), region(ground, horizon, 1)], relations: [] };
}

/** One drawing, as large as the picture allows. */
function drawingCell(style: Style, label: string): Cell {
  const aspect = spriteAspect(style, label);
  const [width, height] = aspect > 1 ? [0.9, 0.9 / aspect] : [0.9 * aspect, 0.9];
  const box = [0.5 - width / 2, 0.5 - height / 2, 0.5 + width / 2, 0.5 + height / 2] as const;
  const scene = emptyScene(style, 'snow', 0);
  const object = { label, attributes: [], box, depth: 1, isGround: false };
  return sceneCell({ ...scene, objects: [object, ...scene.objects] }, label, 96);
}

function sceneCell(scene: Scene, caption: string, size: number): Cell {
  return { rgb: renderScene(scene, { size, grid: 1 }).rgb, size, caption };
}
