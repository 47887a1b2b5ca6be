/** Other real pictures that a graph is true of: how much pictures of one graph may differ. */
import type { Picture } from '#diffusion/picture.ts';
import { seededRandom } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { attemptScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { ATTRIBUTE_CHANCE } from '#training/corpus/sample/sample-graph.ts';
import type { KnownWords } from '#training/corpus/world/known-world.ts';
import { chance, sceneSeed } from '#training/corpus/world/random.ts';
import { isThing, type PlacedObject, type Scene } from '#training/corpus/world/scene.ts';
import { backdrops, grounds, NIGHT, type Style } from '#training/corpus/world/setting.ts';
import { pictureOfRgb } from '#training/files/picture-tensor.ts';
import { drawnOf, holdsIn, isCalled, queryOf } from './scene-match.ts';

export interface TwinOptions {
  /** Of the model. */
  readonly words: KnownWords;
  /** Pixels per side. */
  readonly size: number;
  /** So many at most. */
  readonly count: number;
}

/** Scenes that are tried for a graph: 45 of 60 then have all four twins, ten have one. */
const ATTEMPTS = 400;
/** First of the test split's scenes that twins are drawn from, 2²⁹: no graph is taken from those. */
export const FIRST_TWIN = 2 ** 29;
/** Cells of the masks; nobody looks at them here. */
const MASK_GRID = 16;

/**
 * Pictures of scenes of the same style that a graph is as true of as of its own: as many things, of any label that its words mean, and everything
 * holds that it says. The corpus composes them of such labels alone, or nearly all of its scenes would be others. What the graph leaves open
 * (where things stand, grounds that it does not name) is as the corpus draws it; a colour that it does not name is there as seldom as
 * graphs keep silent about one.
 * @returns as many as were found, up to `count`
 */
export function twinsOf(graph: SceneGraph, own: Scene, { words, size, count }: TwinOptions): Picture[] {
  const things = own.objects.filter(isThing).length;
  const meant = words.objects.filter((label) => graph.objects.some((object) => isCalled(label, object.label)));
  const left = [grounds, backdrops].flatMap((all: readonly string[]) =>
    all.some((label) => meant.includes(label)) ? [] : all.filter((label) => words.objects.includes(label)),
  );
  const known = { ...words, objects: [...meant, ...left] };
  const found: Picture[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && found.length < count; attempt++) {
    const random = seededRandom(sceneSeed('test', FIRST_TWIN + attempt));
    const scene = attemptScene(random, things, own.style as Style, known);
    if (!scene || !isTwin(graph, things, scene)) continue;
    const silent = coloursOf(scene) - coloursOf(graph);
    if (!chance(random, (1 - ATTRIBUTE_CHANCE) ** silent)) continue;
    found.push(pictureOf(scene, size));
  }
  return found;
}

const coloursOf = ({ objects }: { readonly objects: readonly Pick<PlacedObject, 'attributes'>[] }): number =>
  objects.filter(({ attributes }) => attributes.some((attribute) => attribute !== NIGHT)).length;

export function pictureOf(scene: Scene, size: number): Picture {
  return pictureOfRgb(renderScene(scene, { size, grid: MASK_GRID }).rgb, size, size);
}

/** So many things, all that the graph names, and all that it says; by night only where it says so. */
export function isTwin(graph: SceneGraph, things: number, scene: Scene): boolean {
  const isNight = ({ attributes }: Pick<PlacedObject, 'attributes'>) => attributes.includes(NIGHT);
  return (
    scene.objects.filter(isThing).length === things &&
    scene.objects.some(isNight) === graph.objects.some(isNight) &&
    namesAll(graph, scene) &&
    holdsIn(queryOf(graph), drawnOf(scene))
  );
}

/** Has each object of the graph one of its own in the scene, with its attributes? */
function namesAll(graph: SceneGraph, scene: Scene): boolean {
  const left = [...scene.objects];
  type Asked = SceneGraph['objects'][number];
  const fits = (drawn: PlacedObject, { label, attributes }: Asked): boolean =>
    isCalled(drawn.label, label) && attributes.every((attribute) => drawn.attributes.includes(attribute));
  // Who has the fewest to choose from chooses first: the girl before a person.
  const choices = (asked: Asked) => scene.objects.filter((drawn) => fits(drawn, asked)).length;
  return [...graph.objects]
    .sort((a, b) => choices(a) - choices(b))
    .every((asked) => {
      const at = left.findIndex((drawn) => fits(drawn, asked));
      if (at < 0) return false;
      left.splice(at, 1);
      return true;
    });
}
