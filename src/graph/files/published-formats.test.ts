import { describe, expect, it } from 'vitest';
import { describe as inWords } from '#graph/words/describe.ts';
import published from './datasets/published-formats.fixture.json' with { type: 'json' };
import { readGraphFiles } from './read-files.ts';

const read = (text: string) => readGraphFiles([{ name: 'graphs.json', text }]);
const told = (value: unknown) => {
  const { graphs, warnings, faults } = read(JSON.stringify(value));
  expect([...warnings, ...faults]).toEqual([]);
  return graphs.map(({ name, graph }) => [name, inWords(graph)]);
};
/** The same scenes, written in the project's own words. */
const scenes = [
  'kite left of tree; tree standing on grass',
  'horse below kite; kite standing on grass',
  'horse right of dog; dog standing on water; car',
];
const withLarge = scenes.map((scene) => scene.replace(/^(\w+)/, 'large $1'));

describe('graphs as data sets publish them', () => {
  it('GQA', () => {
    const gqa = withLarge.map((scene) =>
      scene.replace('left of', 'to the left of').replace('right of', 'to the right of'),
    );
    expect(told(published.gqa)).toEqual(gqa.map((scene, i) => [`image 237000${i}`, scene]));
    expect(told(Object.values(published.gqa)[0])).toEqual([['graphs', gqa[0]]]);
  });

  it('PSG, its classes by number', () => {
    expect(told(published.psg)).toEqual(scenes.map((scene, i) => [`image ${i}`, scene]));
  });

  it("PSG's stuff in plain words", () => {
    const record = {
      image_id: 'x',
      annotations: [{ category_id: 0 }, { category_id: 9 }, { category_id: 1 }, { category_id: 2 }, { category_id: 3 }],
      relations: [
        [0, 2, 0],
        [0, 1, 0],
        [3, 4, 7],
      ],
    };
    const file = {
      data: [record],
      thing_classes: ['person'],
      stuff_classes: ['sky-other-merged', 'door-stuff', 'wall-brick'],
      predicate_classes: ['in front of'],
    };
    const { graphs, warnings } = read(JSON.stringify(file));
    expect(graphs.map(({ graph }) => inWords(graph))).toEqual(['person in front of sky; door; wall brick']);
    expect(warnings).toEqual([
      'data[0].annotations[1].category_id: is missing; it was left out',
      'data[0].relations[1]: dropped "in front of", which names an object that the record does not have',
      'data[0].relations[2]: is missing; it was left out',
    ]);
  });

  it('LAION-SG', () => {
    expect(told(published.laionSg)).toEqual(withLarge.map((scene, i) => [`image 48000${i}`, scene]));
  });

  it("Visual Genome's region graphs: the regions of an image are one scene", () => {
    const named = scenes.map((scene) => scene.replace('; car', ''));
    expect(told(published.regionGraphs)).toEqual(named.map((scene, i) => [`image ${i}`, scene]));
  });

  it('JSON lines', () => {
    const { graphs, warnings } = read(published.jsonLines);
    expect(graphs.map(({ name, graph }) => [name, inWords(graph)])).toEqual(
      scenes.map((scene, i) => [`graphs ${i + 1}`, scene]),
    );
    expect(warnings).toEqual([]);
  });
});
