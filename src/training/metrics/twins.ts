/** Other real pictures that a graph is true of: how much pictures of one graph may differ. */
import type { Picture } from '#diffusion/picture.ts';
import { seededRandom } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { attemptScene } from '#training/corpus/compose.ts';
import type { KnownWords } from '#training/corpus/known-world.ts';
import { sceneSeed } from '#training/corpus/random.ts';
import { renderScene } from '#training/corpus/render.ts';
import { isThing, type PlacedObject, type Scene } from '#training/corpus/scene.ts';
import { backdrops, grounds, NIGHT, type Style } from '#training/corpus/setting.ts';
import { pictureOfRgb } from './picture-tensor.ts';
import { drawnOf, holdsIn, isCalled, queryOf } from './scene-match.ts';

export interface TwinOptions {
  /** Of the model. */
  readonly words: KnownWords;
  /** Pixels per side. */
  readonly size: number;
  /** So many at most. */
  readonly count: number;
}

/** Scenes that are tried for a graph: with three things and two relations about every tenth fits. */
const ATTEMPTS = 160;
/** First of the test split's scenes that twins are drawn from, 2²⁹: no graph is taken from those. */
export const FROM = 2 ** 29;
/** Cells of the masks; nobody looks at them here. */
const MASK_GRID = 16;

/**
 * Pictures of scenes that have the same things as a graph's own scene, in the same style, and in which everything holds that the graph says. The
 * corpus composes them of these things alone, or nearly all of its scenes would be others. What the graph leaves open (where things stand,
 * grounds and colours that it does not name) is as the corpus draws it.
 * @returns as many as were found, up to `count`
 */
export function twinsOf(graph: SceneGraph, own: Scene, { words, size, count }: TwinOptions): Picture[] {
  const things = own.objects.filter(isThing).map(({ label }) => label);
  const named = (labels: readonly string[]) => {
    const asked = labels.filter((label) => graph.objects.some((object) => isCalled(label, object.label)));
    return asked.length > 0 ? asked : labels;
  };
  const parts = own.objects.filter(({ partOf }) => partOf !== undefined).map(({ label }) => label);
  const objects = [...new Set([...things, ...parts, ...named(grounds), ...named(backdrops)])];
  const known = { ...words, objects: objects.filter((label) => words.objects.includes(label)) };
  const found: Picture[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && found.length < count; attempt++) {
    const random = seededRandom(sceneSeed('test', FROM + attempt));
    const scene = attemptScene(random, things.length, own.style as Style, known);
    if (!scene || !isTwin(graph, things, scene)) continue;
    found.push(pictureOf(scene, size));
  }
  return found;
}

export function pictureOf(scene: Scene, size: number): Picture {
  return pictureOfRgb(renderScene(scene, { size, grid: MASK_GRID }).rgb, size, size);
}

/** The same things, all that the graph names, and all that it says; by night only where it says so. */
export function isTwin(graph: SceneGraph, things: readonly string[], scene: Scene): boolean {
  const own = scene.objects.filter(isThing).map(({ label }) => label);
  const isNight = ({ attributes }: Pick<PlacedObject, 'attributes'>) => attributes.includes(NIGHT);
  return (
    own.sort().join() === [...things].sort().join() &&
    scene.objects.some(isNight) === graph.objects.some(isNight) &&
    namesAll(graph, scene) &&
    holdsIn(queryOf(graph), drawnOf(scene))
  );
}

/** Has each object of the graph one of its own in the scene, with its attributes? */
function namesAll(graph: SceneGraph, scene: Scene): boolean {
  const left = [...scene.objects];
  // What says most chooses first.
  const asked = [...graph.objects].sort((a, b) => b.attributes.length - a.attributes.length);
  return asked.every(({ label, attributes }) => {
    const at = left.findIndex(
      (drawn) => isCalled(drawn.label, label) && attributes.every((attribute) => drawn.attributes.includes(attribute)),
    );
    if (at < 0) return false;
    left.splice(at, 1);
    return true;
  });
}
