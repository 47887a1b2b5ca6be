/**
 * VAE encoders that were exported around diffusers' `sample()` draw their latent within the graph, where no seed reaches: mean + deviation · noise. With noise that is lost in
 * single precision they give the mean, the likeliest latent, and the same for the same picture.
 */
import { concatBytes } from '@noble/hashes/utils.js';
import { EngineError } from '#engine/contract/engine-error.ts';

const LENGTH_DELIMITED = 2;
/** Field numbers of onnx.proto3. */
const GRAPH_OF_MODEL = 7;
const NODE_OF_GRAPH = 1;
const OPERATOR = 4;
const ATTRIBUTE = 5;
const ATTRIBUTE_NAME = 1;
export const DRAWING_OPERATORS: readonly string[] = ['RandomNormal', 'RandomNormalLike'];
/** AttributeProto: name "scale", f 1e-30, type FLOAT. A deviation of 0 ends ONNX Runtime's process: its library demands one above. */
const NO_SCALE = Uint8Array.from([10, 5, 115, 99, 97, 108, 101, 21, 96, 66, 162, 13, 160, 1, 1]);

/** The same model, in which RandomNormal and RandomNormalLike give their mean. @param model an .onnx file that was read through before */
export function withoutDraws(model: Uint8Array): Uint8Array {
  return edited(model, GRAPH_OF_MODEL, (graph) => edited(graph, NODE_OF_GRAPH, quietNode));
}

function quietNode(node: Uint8Array): Uint8Array {
  const fields = fieldsOf(node);
  const operator = fields.find(({ number }) => number === OPERATOR);
  if (!operator || !DRAWING_OPERATORS.includes(textOf(operator))) return node;
  const others = fields.filter((field) => field.number !== ATTRIBUTE || !isScale(field));
  return concatBytes(...others.map(({ whole }) => whole), written(ATTRIBUTE, NO_SCALE));
}

const isScale = ({ content }: Field): boolean =>
  fieldsOf(content).some((field) => field.number === ATTRIBUTE_NAME && textOf(field) === 'scale');

interface Field {
  readonly number: number;
  /** Tag and length included. */
  readonly whole: Uint8Array;
  /** Empty where the field is a number. */
  readonly content: Uint8Array;
}

const textOf = ({ content }: Field): string => new TextDecoder().decode(content);

/** A message with every field of a number, which are messages themselves, changed. */
function edited(message: Uint8Array, number: number, edit: (content: Uint8Array) => Uint8Array): Uint8Array {
  const parts = fieldsOf(message).map((field) =>
    field.number === number ? written(number, edit(field.content)) : field.whole,
  );
  return concatBytes(...parts);
}

function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  while (at < message.length) {
    const start = at;
    const tag = readVarint(message, at);
    const kind = tag.value % 8;
    at = tag.end;
    if (kind === LENGTH_DELIMITED) {
      const length = readVarint(message, at);
      at = length.end + length.value;
      fields.push(field(tag.value, message.subarray(start, at), message.subarray(length.end, at)));
      continue;
    }
    at = kind === 0 ? readVarint(message, at).end : at + (kind === 1 ? 8 : 4);
    fields.push(field(tag.value, message.subarray(start, at), new Uint8Array()));
  }
  if (at > message.length) throw cutOff();
  return fields;
}

const cutOff = (): EngineError =>
  new EngineError('model-damaged', 'The .onnx file of the VAE encoder is damaged: it ends in the middle of a field.');

const field = (tag: number, whole: Uint8Array, content: Uint8Array): Field => ({
  number: Math.floor(tag / 8),
  whole,
  content,
});

function written(number: number, content: Uint8Array): Uint8Array {
  return concatBytes(varint(number * 8 + LENGTH_DELIMITED), varint(content.length), content);
}

function readVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = 0; ; i++) {
    const byte = bytes[start + i];
    if (byte === undefined || i > 9) throw cutOff();
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
