import { expect, test } from 'vitest';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { type DrawnCaption, drawnCaptions } from './drawn-captions.fixture.ts';
import { readText } from './read-text.ts';

const parts = (text: string, by: string): string[] =>
  text
    .split(by)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const bare = (clause: string): string => clause.replace(/^\(|\)$/g, '');
const isOptional = (clause: string): boolean => clause.startsWith('(');
const plain = (predicate: string): string => predicate.replace(/\b(beside|by|near)$/, 'next to');

/** An object of the graph by its qualities and its name, as the captions call it. */
function nameOf({ objects }: SceneGraph, id: string): string {
  const { attributes, label } = objects.find((object) => object.id === id)!;
  return [...attributes, label].join(' ');
}

/** @returns the names that a clause takes, undefined when the graph does not have it */
function objectNames(clause: string, counts: ReadonlyMap<string, number>): readonly string[] | undefined {
  const fitting = parts(bare(clause), '|').flatMap((alternative) => {
    const [, number, name = ''] = /^(\d+ |\+ )?(.*)$/.exec(alternative)!;
    const count = counts.get(name) ?? 0;
    const fits = number === '+ ' ? count > 1 : count === Number(number ?? 1);
    return fits ? [name] : [];
  });
  return fitting.length > 0 ? fitting : undefined;
}

type Triple = SceneGraph['relations'][number];

/** @returns the triples that say what a clause says, of those of which each object takes part */
function saying(clause: string, graph: SceneGraph): readonly Triple[] {
  return parts(bare(clause), '||').flatMap((alternative) => {
    const [subjects = [], predicates = [], objects = []] = alternative.split('>').map((names) => parts(names, '|'));
    const found = graph.relations.filter(
      ({ subject, predicate, object }) =>
        subjects.includes(nameOf(graph, subject)) &&
        predicates.map(plain).includes(plain(predicate)) &&
        objects.includes(nameOf(graph, object)),
    );
    const part = new Set(found.flatMap(({ subject, object }) => [subject, object]));
    const names = new Set([...part].map((id) => nameOf(graph, id)));
    const isWhole = graph.objects.every(({ id }) => part.has(id) || !names.has(nameOf(graph, id)));
    return isWhole ? found : [];
  });
}

/** What a person would not agree with, in words; undefined where they agree. */
function disagreement({ text, objects, relations }: DrawnCaption): string | undefined {
  const { graph } = readText(text, null);
  const counts = new Map<string, number>();
  for (const { id } of graph.objects) counts.set(nameOf(graph, id), (counts.get(nameOf(graph, id)) ?? 0) + 1);
  const [things, said] = [parts(objects, ';'), parts(relations, ';')];
  const named = things.flatMap((clause) => objectNames(clause, counts) ?? []);
  const meant = new Set(said.flatMap((clause) => saying(clause, graph)));
  const faults = [
    ...things.filter((clause) => !isOptional(clause) && !objectNames(clause, counts)),
    ...said.filter((clause) => !isOptional(clause) && saying(clause, graph).length === 0),
    ...[...counts.keys()].filter((name) => !named.includes(name)).map((name) => `not ${name}`),
    ...graph.relations
      .filter((relation) => !meant.has(relation))
      .map(({ subject, predicate, object }) => `not ${nameOf(graph, subject)} ${predicate} ${nameOf(graph, object)}`),
  ];
  return faults.length === 0 ? undefined : `${text}\n  read: ${inWords(graph)}\n  but: ${faults.join('; ')}`;
}

test('a person agrees with the reading of 95 of 100 captions', () => {
  const faults = drawnCaptions.flatMap((caption) => disagreement(caption) ?? []);
  expect(1 - faults.length / drawnCaptions.length, faults.join('\n')).toBeGreaterThanOrEqual(0.95);
});
