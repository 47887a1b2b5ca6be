/** From scene graphs to the numbers that the graph encoder reads. */
import { canonicalOrder } from '#graph/canonical-order.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { GraphTokens } from './networks.ts';
import { sizeOf, type Tensor } from './tensor.ts';

const ANY_STYLE = 'any';

export interface WordEmbedding {
  readonly width: number;
  /** Unit-length mean of the words of a label, (W); undefined when none of its words is known. */
  vector(label: string): Float32Array | undefined;
}

/** What of a scene graph reaches the model: no ids, no positions. */
export interface TokenGraph {
  readonly objects: readonly { readonly label: string; readonly attributes: readonly string[] }[];
  /** Indices into objects. */
  readonly relations: readonly { readonly subject: number; readonly predicate: string; readonly object: number }[];
  /** One of the model's styles, or "any". */
  readonly style: string;
}

/** A token graph and the ids its tokens came from: token i of the objects is objectIds[i], and so for relations. */
export interface TracedTokenGraph extends TokenGraph {
  readonly objectIds: readonly string[];
  readonly relationIds: readonly string[];
}

export interface TokenSpec {
  readonly predicates: readonly string[];
  readonly styles: readonly string[];
  readonly embedding: WordEmbedding;
  /** The labels a model was trained on; only used to say what is allowed. */
  readonly labels?: readonly string[];
}

export type TokenFault =
  | 'unknown-label'
  | 'unknown-attribute'
  | 'unknown-predicate'
  | 'unknown-style'
  | 'unknown-object'
  | 'too-many-objects'
  | 'too-many-relations';

/** A graph that cannot be put in front of the model. `path` points into the token graph ("objects[2].label"). */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly code: TokenFault;
  readonly path: string;
  /** The values that would have been accepted; empty when any known word would do. */
  readonly allowed: readonly string[];

  constructor(code: TokenFault, path: string, message: string, allowed: readonly string[] = []) {
    super(`${path}: ${message}`);
    this.code = code;
    this.path = path;
    this.allowed = allowed;
  }
}

/**
 * Drops ids and positions and puts objects, then relations, in canonical order, so that two drawings that say the same give
 * the same bytes.
 * @throws TokenError unknown-object when a relation names an id that the graph does not have.
 */
export function tokenGraphOf(graph: SceneGraph, style: string): TracedTokenGraph {
  const indexOfId = new Map(graph.objects.map((object, i) => [object.id, i]));
  const find = (id: string, path: string): number => {
    const index = indexOfId.get(id);
    if (index === undefined)
      throw new TokenError('unknown-object', path, `no object has id ${id}`, [...indexOfId.keys()]);
    return index;
  };
  const relations = graph.relations.map((relation, r) => ({
    subject: find(relation.subject, `relations[${r}].subject`),
    predicate: relation.predicate,
    object: find(relation.object, `relations[${r}].object`),
    id: relation.id,
  }));
  const order = canonicalOrder({ objects: graph.objects, relations });
  const placeOf = new Map(order.map((index, place) => [index, place]));
  const ordered = relations
    .map(({ subject, object, ...rest }) => ({ ...rest, subject: placeOf.get(subject)!, object: placeOf.get(object)! }))
    .sort(
      (a, b) =>
        a.subject - b.subject ||
        a.object - b.object ||
        Number(a.predicate > b.predicate) - Number(a.predicate < b.predicate),
    );
  return {
    objects: order.map((index) => {
      const { label, attributes } = graph.objects[index]!;
      return { label, attributes: [...attributes].sort() };
    }),
    relations: ordered.map(({ subject, predicate, object }) => ({ subject, predicate, object })),
    style,
    objectIds: order.map((index) => graph.objects[index]!.id),
    relationIds: ordered.map(({ id }) => id),
  };
}

/**
 * A batch of B graphs as tensors, padded to the largest graph of the batch or to `pad`. O ≥ 1 and T ≥ 1 always.
 * @throws TokenError for a word, style or index that is not known, or a graph larger than `pad`.
 */
export function buildGraphTokens(
  graphs: readonly TokenGraph[],
  spec: TokenSpec,
  pad?: { readonly objects: number; readonly relations: number },
): GraphTokens {
  const batch = graphs.length;
  const width = spec.embedding.width;
  const O = pad?.objects ?? Math.max(1, ...graphs.map((graph) => graph.objects.length));
  const T = pad?.relations ?? Math.max(1, ...graphs.map((graph) => graph.relations.length));
  const tokens = {
    objectVectors: zeros([batch, O, width]),
    attributeVectors: zeros([batch, O, width]),
    objectMask: zeros([batch, O]),
    predicates: { data: new Int32Array(batch * T), dims: [batch, T] },
    subjects: zeros([batch, T, O]),
    objects: zeros([batch, T, O]),
    relationMask: zeros([batch, T]),
    style: { data: new Int32Array(batch), dims: [batch] },
  } satisfies GraphTokens;

  for (const [b, graph] of graphs.entries()) {
    const at = batch > 1 ? `graphs[${b}].` : '';
    checkSizes(graph, O, T, at);
    tokens.style.data[b] = styleIndex(graph.style, spec, `${at}style`);
    for (const [o, object] of graph.objects.entries()) {
      const row = b * O + o;
      tokens.objectVectors.data.set(labelVector(object.label, spec, `${at}objects[${o}].label`), row * width);
      tokens.attributeVectors.data.set(attributeVector(object.attributes, spec, `${at}objects[${o}]`), row * width);
      tokens.objectMask.data[row] = 1;
    }
    for (const [t, relation] of graph.relations.entries()) {
      const row = b * T + t;
      const path = `${at}relations[${t}]`;
      checkIndex(relation.subject, graph, `${path}.subject`);
      checkIndex(relation.object, graph, `${path}.object`);
      tokens.predicates.data[row] = predicateIndex(relation.predicate, spec, `${path}.predicate`);
      tokens.subjects.data[row * O + relation.subject] = 1;
      tokens.objects.data[row * O + relation.object] = 1;
      tokens.relationMask.data[row] = 1;
    }
  }
  return tokens;
}

function zeros(dims: readonly number[]): Tensor {
  return { data: new Float32Array(sizeOf(dims)), dims };
}

function checkSizes(graph: TokenGraph, O: number, T: number, at: string): void {
  if (graph.objects.length > O) {
    throw new TokenError(
      'too-many-objects',
      `${at}objects`,
      `${graph.objects.length} objects, at most ${O} are allowed`,
    );
  }
  if (graph.relations.length > T) {
    throw new TokenError(
      'too-many-relations',
      `${at}relations`,
      `${graph.relations.length} relations, at most ${T} are allowed`,
    );
  }
}

function checkIndex(index: number, graph: TokenGraph, path: string): void {
  if (Number.isInteger(index) && index >= 0 && index < graph.objects.length) return;
  throw new TokenError('unknown-object', path, `there is no object ${index}; the graph has ${graph.objects.length}`);
}

function styleIndex(style: string, spec: TokenSpec, path: string): number {
  if (style === ANY_STYLE) return spec.styles.length;
  const index = spec.styles.indexOf(style);
  if (index >= 0) return index;
  const allowed = [...spec.styles, ANY_STYLE];
  throw new TokenError(
    'unknown-style',
    path,
    `the model has no style "${style}"; it has ${allowed.join(', ')}`,
    allowed,
  );
}

function predicateIndex(predicate: string, spec: TokenSpec, path: string): number {
  const index = spec.predicates.indexOf(predicate);
  if (index >= 0) return index;
  throw new TokenError(
    'unknown-predicate',
    path,
    `the model has no predicate "${predicate}"; it has ${spec.predicates.join(', ')}`,
    spec.predicates,
  );
}

function labelVector(label: string, spec: TokenSpec, path: string): Float32Array {
  const vector = spec.embedding.vector(label);
  if (vector !== undefined) return vector;
  throw new TokenError('unknown-label', path, `the model does not know the word "${label}"`, spec.labels);
}

/** (W) mean of the attributes' vectors; zeros without attributes. */
function attributeVector(attributes: readonly string[], spec: TokenSpec, path: string): Float32Array {
  const mean = new Float32Array(spec.embedding.width);
  for (const [a, attribute] of attributes.entries()) {
    const vector = spec.embedding.vector(attribute);
    if (vector === undefined) {
      throw new TokenError(
        'unknown-attribute',
        `${path}.attributes[${a}]`,
        `the model does not know the word "${attribute}"`,
      );
    }
    for (let i = 0; i < mean.length; i++) mean[i]! += vector[i]! / attributes.length;
  }
  return mean;
}
