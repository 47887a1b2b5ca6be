/** What stands between a graph and its picture, in sentences for the user. */

import type { SceneGraph } from '#graph/scene-graph.ts';
import type { GraphLimits, Vocabulary } from '#graph/vocabulary.ts';
import { labelOfAlias } from './aliases.ts';
import { namesOf } from './describe.ts';
import { nearestWords } from './nearest-words.ts';

type GraphFaultCode =
  | 'no-objects'
  | 'too-many-objects'
  | 'too-many-relations'
  | 'unknown-label'
  | 'untrained-label'
  | 'unknown-attribute'
  | 'untrained-attribute'
  | 'unused-attribute'
  | 'unknown-predicate'
  | 'unknown-object'
  | 'self-loop'
  | 'repeated-relation';

export interface GraphFault {
  readonly code: GraphFaultCode;
  /** "objects[2].label" */
  readonly path: string;
  /** Of the node or edge at fault; undefined for the graph as a whole. */
  readonly id: string | undefined;
  readonly message: string;
  /** A graph with an error cannot be painted; a warning is worth knowing. */
  readonly severity: 'error' | 'warning';
  /** Words to put in place of the one at fault, the nearest first. */
  readonly suggestions: readonly string[];
}

/** @param knowsWord whether the model's word vectors know a word outside its vocabulary; without it only the vocabulary counts */
export function checkGraph(
  graph: SceneGraph,
  vocabulary: Vocabulary,
  limits: GraphLimits,
  knowsWord: (word: string) => boolean = () => false,
): GraphFault[] {
  return [
    ...checkSize(graph, limits),
    ...graph.objects.flatMap((object, i) => [
      ...checkWord('label', object.label, vocabulary.objects, knowsWord, `objects[${i}].label`, object.id),
      ...object.attributes.flatMap((attribute, a) => {
        const path = `objects[${i}].attributes[${a}]`;
        return vocabulary.attributes.length === 0
          ? [unusedAttribute(attribute, path, object.id)]
          : checkWord('attribute', attribute, vocabulary.attributes, knowsWord, path, object.id);
      }),
    ]),
    ...checkRelations(graph, vocabulary),
  ];
}

function checkSize(graph: SceneGraph, limits: GraphLimits): GraphFault[] {
  const faults: GraphFault[] = [];
  const add = (code: GraphFaultCode, path: string, message: string) =>
    faults.push({ code, path, id: undefined, message, severity: 'error', suggestions: [] });
  if (graph.objects.length === 0) {
    add('no-objects', 'objects', 'The graph has no object. Add one by double-clicking the canvas.');
  }
  if (graph.objects.length > limits.objects) {
    add(
      'too-many-objects',
      'objects',
      `The graph has ${graph.objects.length} objects; this model takes at most ${limits.objects}.`,
    );
  }
  if (graph.relations.length > limits.relations) {
    const message = `The graph has ${graph.relations.length} relations; this model takes at most ${limits.relations}.`;
    add('too-many-relations', 'relations', message);
  }
  return faults;
}

function checkWord(
  kind: 'label' | 'attribute',
  word: string,
  known: readonly string[],
  knowsWord: (word: string) => boolean,
  path: string,
  id: string,
): GraphFault[] {
  if (known.includes(word)) return [];
  const alias = kind === 'label' ? labelOfAlias(word, known) : undefined;
  if (alias !== undefined) {
    const message = `“${word}” is painted as ${alias}.`;
    return [{ code: 'untrained-label', path, id, message, severity: 'warning', suggestions: [alias] }];
  }
  const suggestions = nearestWords(word, known);
  if (knowsWord(word)) {
    const message = `The model never saw “${word}”; it will draw what is nearest in meaning.`;
    return [{ code: `untrained-${kind}`, path, id, message, severity: 'warning', suggestions }];
  }
  const message = `The model does not know “${word}”.${didYouMean(suggestions)}`;
  return [{ code: `unknown-${kind}`, path, id, message, severity: 'error', suggestions }];
}

/** A model that was trained without attributes leaves them out: no graph is refused for what changes nothing. */
const unusedAttribute = (attribute: string, path: string, id: string): GraphFault => ({
  code: 'unused-attribute',
  path,
  id,
  message: `This model paints no attributes: “${attribute}” changes nothing in the picture.`,
  severity: 'warning',
  suggestions: [],
});

function checkRelations(graph: SceneGraph, vocabulary: Vocabulary): GraphFault[] {
  const names = namesOf(graph);
  const seen = new Set<string>();
  return graph.relations.flatMap((relation, r) => {
    const faults: GraphFault[] = [];
    const { id, subject, predicate, object } = relation;
    const add = (
      code: GraphFaultCode,
      end: string,
      message: string,
      severity: GraphFault['severity'],
      suggestions: string[] = [],
    ) => faults.push({ code, path: `relations[${r}]${end}`, id, message, severity, suggestions });

    for (const end of ['subject', 'object'] as const) {
      if (!names.has(relation[end])) add('unknown-object', `.${end}`, `No object has id ${relation[end]}.`, 'error');
    }
    if (!vocabulary.predicates.includes(predicate)) {
      const suggestions = nearestWords(predicate, vocabulary.predicates);
      const message = `The model does not know the relation “${predicate}”.${didYouMean(suggestions)}`;
      add('unknown-predicate', '.predicate', message, 'error', suggestions);
    }
    if (subject === object) {
      add('self-loop', '.object', `“${names.get(subject) ?? subject}” cannot be related to itself.`, 'error');
    }
    const key = JSON.stringify([subject, predicate, object]);
    if (seen.has(key)) {
      const sentence = `${names.get(subject) ?? subject} ${predicate} ${names.get(object) ?? object}`;
      add('repeated-relation', '', `“${sentence}” is there twice.`, 'warning');
    }
    seen.add(key);
    return faults;
  });
}

const didYouMean = (words: readonly string[]): string =>
  words.length === 0 ? '' : ` Did you mean ${words.map((w) => `“${w}”`).join(' or ')}?`;
