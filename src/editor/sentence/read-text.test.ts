import fc from 'fast-check';
import { expect, describe as group, test } from 'vitest';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { readSentence } from '#graph/sentence/sentence-graph.ts';
import type { SentenceKnowledge } from '#graph/sentence/spoken-scene.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { MAX_TEXT_LENGTH, readText } from './read-text.ts';
import { tagWords } from './tag-words.ts';

const labels =
  'man woman boy girl dog cat horse cow sheep elephant bird car bus boat plane tree flower mountain house umbrella kite ball table chair bed couch clock book cup pizza hat bag grass sand snow road ocean floor sky wall';
const likely = [
  { subject: 'boat', predicate: 'on', object: 'ocean', count: 7 },
  { subject: 'man', predicate: 'holding', object: 'umbrella', count: 5 },
  { subject: 'table', predicate: 'under', object: 'cup', count: 5 },
  ...['above', 'below', 'under', 'left of', 'right of'].flatMap((predicate) =>
    ['grass', 'sand', 'umbrella'].flatMap((subject) =>
      ['tree', 'dog'].map((object) => ({ subject, predicate, object, count: 4 })),
    ),
  ),
];
const knowledge: SentenceKnowledge = {
  vocabulary: {
    objects: labels.split(' '),
    predicates:
      'left of,right of,above,below,inside,surrounding,on,under,behind,in front of,next to,riding,holding,standing on'.split(
        ',',
      ),
    attributes: ['white', 'red', 'black', 'big'],
  },
  likely,
  limits: { objects: 30, relations: 60 },
};

const read = (text: string, known: SentenceKnowledge = knowledge) => readSentence(tagWords(text), known);
const unknown = (text: string) =>
  read(text)
    .words.filter(({ role }) => role === 'unknown')
    .map(({ text: word }) => word)
    .join(' ');

group('sentences that are understood as a whole', () => {
  const cases: readonly (readonly [text: string, graph: string])[] = [
    [
      'a boy riding a horse in front of a house under the sky',
      'boy riding horse; horse in front of house; house under sky',
    ],
    // numbers and plurals
    ['two sheep', 'sheep 1; sheep 2'],
    ['3 dogs on a bed', 'dog 1 on bed; dog 2 on bed; dog 3 on bed'],
    ['three men ride three horses', 'man 1 riding horse 1; man 2 riding horse 2; man 3 riding horse 3'],
    ['a couple of cats under a table', 'cat 1 under table; cat 2 under table'],
    ['A child stands on snow.', 'boy standing on snow'],
    // coordination
    ['a cat and a dog on a chair', 'cat on chair; dog on chair'],
    ['a boy holding a ball and a kite', 'boy holding ball; boy holding kite'],
    ['a man holding a cup, a ball and a hat', 'man holding cup; man holding ball; man holding hat'],
    ['a cat on a chair and a dog on a bed', 'cat on chair; dog on bed'],
    ['a cat, a dog and a bird next to each other', 'cat next to dog; dog next to bird'],
    ['a dog is on a bed and next to a cat', 'dog on bed; dog next to cat'],
    ['a boy riding a horse and holding a kite', 'boy riding horse; boy holding kite'],
    ['a boy rides a horse while a dog stands on the grass', 'boy riding horse; dog standing on grass'],
    // relative clauses
    ['a sheep which is standing on the grass next to a tree', 'sheep standing on grass; sheep next to tree'],
    ['a horse that is standing on sand behind a house', 'horse standing on sand; horse behind house'],
    ['the boy who rides a horse is in front of the house', 'boy riding horse; boy in front of house'],
    ['The horse that a boy is riding stands on grass.', 'boy riding horse; horse standing on grass'],
    ['The book that the man is holding is red', 'man holding red book'],
    ['a cat and a horse which is next to a house', 'horse next to house; cat'],
    ['a man, who is holding a cup, is next to a table', 'man holding cup; man next to table'],
    // references
    ['A white dog is on a bed. It is next to a cat.', 'white dog on bed; white dog next to cat'],
    ['A boy is next to a ball. He is holding it.', 'boy next to ball; boy holding ball'],
    ['a dog and another dog on a bed', 'dog 1 on bed; dog 2 on bed'],
    ['the first dog is left of the second dog', 'dog 1 left of dog 2'],
    ['A dog is on a bed. The dog is white.', 'white dog on bed'],
    ['A red car and a white car. The white car is behind the red car.', 'white car behind red car'],
    ['a red car on the road and a bus behind it', 'red car on road; bus behind red car'],
    // phrases
    ['a dog on top of a table', 'dog on table'],
    ['an elephant to the left of a car', 'elephant left of car'],
    ['an elephant on the right side of a car', 'elephant right of car'],
    ['a bird flies over the ocean', 'bird above ocean'],
    ['a cat lies beneath the table', 'cat below table'],
    ['a horse ridden by a boy', 'boy riding horse'],
    ['a car surrounded by snow', 'snow surrounding car'],
    ['a dog sleeping on the couch', 'dog on couch'],
    ['a boat in the ocean', 'boat on ocean'],
    ['a man with an umbrella', 'man holding umbrella'],
    ['a man holding an umbrella standing on the road', 'man holding umbrella; man standing on road'],
    ['a sheep between two trees', 'sheep next to tree 1; sheep next to tree 2'],
    ['a table with a cup and a book on it', 'table next to cup; table next to book; cup on table; book on table'],
    ['A horse and a dog stand on sand', 'horse standing on sand; dog standing on sand'],
    // word order
    ['On the table is a cat', 'cat on table'],
    ['Under a tree there are two sheep.', 'sheep 1 under tree; sheep 2 under tree'],
    ['In front of the house, a dog is next to a cat', 'dog in front of house; dog next to cat'],
    ["There's a dog under the table", 'dog under table'],
    ['a picture of a cat', 'cat'],
    // everyday words
    ['a lamb on a lawn beside a sofa', 'sheep on grass; sheep next to couch'],
    ['puppies on the street', 'dog 1 on road; dog 2 on road'],
  ];
  test.each(cases)('%s', (text, graph) => {
    expect(inWords(read(text).graph)).toBe(graph);
    expect(unknown(text)).toBe('');
  });

  test('"she" is the woman of the two', () => {
    const { graph } = read('A man and a woman are next to a car. She is holding an umbrella.');
    expect(inWords(graph)).toBe('man next to car; woman next to car; woman holding umbrella');
  });
});

group('what is not understood is said', () => {
  test.each([
    ['a purple dog on a bed', 'purple', 'dog on bed'],
    ['a dog is running', 'is running', 'dog'],
    ['an old man on a chair', 'old', 'man on chair'],
    ['it is on a chair', 'it is on', 'chair'],
    ['a dog, xyzzy!', 'xyzzy', 'dog'],
  ])('%s', (text, words, graph) => {
    expect(unknown(text)).toBe(words);
    expect(inWords(read(text).graph)).toBe(graph);
  });

  test('a relation that the model has no word for stays open, with both of its ends', () => {
    const { graph, open } = read('two boys eating a pizza');
    expect(inWords(graph)).toBe('boy 1; boy 2; pizza');
    expect(open).toEqual([
      { subject: 'o1', words: 'eating', object: 'o3' },
      { subject: 'o2', words: 'eating', object: 'o3' },
    ]);
    expect(unknown('two boys eating a pizza')).toBe('eating');
  });

  test('what was taken for something else, or assumed', () => {
    expect(read('dogs').notes).toEqual(['“dogs”: how many is not said, so 2 were taken.']);
    expect(read('a lamb').notes).toEqual(['“lamb” is drawn as sheep.']);
    expect(read('a cat to the left of a bed').notes).toEqual([]);
    expect(read('a cat atop a bed').notes).toEqual(['“atop” is taken as on.']);
    const crowd = read('a hundred sheep');
    expect(crowd.graph.objects).toHaveLength(30);
    expect(crowd.notes).toHaveLength(1);
  });

  test('a model that takes every word takes every word', () => {
    const graph = inWords(read('a purple dragon eating a wooden chair', { ...knowledge, vocabulary: null }).graph);
    expect(graph).toBe('purple dragon eating wooden chair');
    expect(readText('a cat chasing a mouse', null).open).toEqual([]);
  });
});

/** Hundreds of texts are tagged; a busy machine needs its time. */
const PATIENCE = 60_000;

group('for every text', { timeout: PATIENCE }, () => {
  const pool =
    'a an the two and , . that which is are who it they on in of to left right next front dog cats house sky red riding rides holding with other first by some 7 very zorp running each other there'.split(
      ' ',
    );
  const texts = fc.array(fc.constantFrom(...pool), { maxLength: 24 }).map((words) => words.join(' '));

  test('no word is lost, and the graph is sound', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ maxLength: 60 })), (text) => {
        const { graph, words, open } = read(text);
        const tagged = tagWords(text).filter((word) => word.text !== '');
        expect(words.map((word) => word.text)).toEqual(tagged.map((word) => word.text));
        const ids = new Set(graph.objects.map(({ id }) => id));
        for (const { subject, object } of [...graph.relations, ...open]) {
          expect(ids.has(subject) && ids.has(object)).toBe(true);
          expect(subject).not.toBe(object);
        }
        expect(graph.objects.length).toBeLessThanOrEqual(30);
        expect(graph.relations.length).toBeLessThanOrEqual(60);
      }),
      { numRuns: 150 },
    );
  });

  test('a long one is cut, not refused', () => {
    const { graph } = readText('a dog on a bed. '.repeat(MAX_TEXT_LENGTH), null);
    expect(graph.objects.length).toBe(30);
  });
});

group('a graph told in English comes back', { timeout: PATIENCE }, () => {
  const places = fc.integer({ min: 1, max: 6 }).chain((count) => {
    const object = fc.record({
      label: fc.constantFrom('sheep', 'dog', 'tree', 'grass', 'boy', 'horse', 'bus'),
      attributes: fc.subarray(['white', 'big']),
    });
    const end = fc.nat(count - 1);
    const relation = fc
      .tuple(end, fc.constantFrom(...(knowledge.vocabulary?.predicates ?? [])), end)
      .filter(([subject, , other]) => subject !== other);
    return fc
      .record({
        objects: fc.array(object, { minLength: count, maxLength: count }),
        triples:
          count < 2
            ? fc.constant<[number, string, number][]>([])
            : fc.uniqueArray(relation, { maxLength: 7, selector: (t) => t.join() }),
      })
      .map(
        ({ objects, triples }): SceneGraph => ({
          ...EMPTY_SCENE_GRAPH,
          objects: objects.map((each, i) => ({ id: `o${i + 1}`, ...each, position: { x: 0, y: 0 } })),
          relations: triples.map(([subject, predicate, object], i) => ({
            id: `r${i + 1}`,
            subject: `o${subject + 1}`,
            predicate,
            object: `o${object + 1}`,
          })),
        }),
      );
  });
  const triples = (graph: SceneGraph) =>
    graph.relations.map(({ subject, predicate, object }) => `${subject} ${predicate} ${object}`).sort();
  const things = (graph: SceneGraph) =>
    graph.objects.map(({ id, label, attributes }) => `${id} ${[...attributes].sort()} ${label}`);

  test('sentence by sentence: "There is a white dog and a sheep. The first dog is left of the first sheep."', () => {
    const ordinals = 'first second third fourth fifth sixth'.split(' ');
    const tell = ({ objects, relations }: SceneGraph): string => {
      const name = (id: string) => {
        const { label } = objects.find((object) => object.id === id)!;
        const alike = objects.filter((object) => object.label === label);
        return `the ${ordinals[alike.findIndex((object) => object.id === id)]} ${label}`;
      };
      const named = objects.map(({ label, attributes }) => `a ${[...attributes, label].join(' ')}`).join(' and ');
      const verb = (predicate: string) => (predicate === 'surrounding' ? 'surrounds' : `is ${predicate}`);
      const sentences = relations.map((r) => `${name(r.subject)} ${verb(r.predicate)} ${name(r.object)}.`);
      return [`There is ${named}.`, ...sentences].join(' ');
    };
    fc.assert(
      fc.property(places, (graph) => {
        const { graph: told, words } = read(tell(graph));
        expect(things(told)).toEqual(things(graph));
        expect(triples(told)).toEqual(triples(graph));
        expect(words.filter(({ role }) => role === 'unknown')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("in the editor's own short form", () => {
    fc.assert(
      fc.property(places, (graph) => {
        expect(
          inWords(read(inWords(graph)).graph)
            .split('; ')
            .sort(),
        ).toEqual(inWords(graph).split('; ').sort());
      }),
      { numRuns: 100 },
    );
  });
});
