/** The messages of onnx.proto3 that a model file is made of, for protobufjs. Field numbers are those of the ONNX standard. */
import protobuf from 'protobufjs';

const field = (type: string, id: number) => ({ type, id });
const list = (type: string, id: number) => ({ rule: 'repeated', type, id });

const root = protobuf.Root.fromJSON({
  options: { syntax: 'proto3' },
  nested: {
    onnx: {
      nested: {
        ModelProto: {
          fields: {
            irVersion: field('int64', 1),
            producerName: field('string', 2),
            producerVersion: field('string', 3),
            graph: field('GraphProto', 7),
            opsetImport: list('OperatorSetIdProto', 8),
            metadataProps: list('StringStringEntryProto', 14),
          },
        },
        OperatorSetIdProto: { fields: { domain: field('string', 1), version: field('int64', 2) } },
        StringStringEntryProto: { fields: { key: field('string', 1), value: field('string', 2) } },
        GraphProto: {
          fields: {
            node: list('NodeProto', 1),
            name: field('string', 2),
            initializer: list('TensorProto', 5),
            input: list('ValueInfoProto', 11),
            output: list('ValueInfoProto', 12),
            valueInfo: list('ValueInfoProto', 13),
          },
        },
        NodeProto: {
          fields: {
            input: list('string', 1),
            output: list('string', 2),
            name: field('string', 3),
            opType: field('string', 4),
            attribute: list('AttributeProto', 5),
            domain: field('string', 7),
          },
        },
        AttributeProto: {
          fields: {
            name: field('string', 1),
            f: field('float', 2),
            i: field('int64', 3),
            s: field('bytes', 4),
            t: field('TensorProto', 5),
            floats: list('float', 7),
            ints: list('int64', 8),
            type: field('int32', 20),
          },
        },
        TensorProto: {
          fields: {
            dims: list('int64', 1),
            dataType: field('int32', 2),
            floatData: list('float', 4),
            int32Data: list('int32', 5),
            int64Data: list('int64', 7),
            name: field('string', 8),
            rawData: field('bytes', 9),
            externalData: list('StringStringEntryProto', 13),
            dataLocation: field('int32', 14),
          },
        },
        ValueInfoProto: { fields: { name: field('string', 1), type: field('TypeProto', 2) } },
        TypeProto: { fields: { tensorType: field('TensorTypeProto', 1) } },
        TensorTypeProto: { fields: { elemType: field('int32', 1), shape: field('TensorShapeProto', 2) } },
        TensorShapeProto: { fields: { dim: list('DimensionProto', 1) } },
        DimensionProto: { fields: { dimValue: field('int64', 1), dimParam: field('string', 2) } },
      },
    },
  },
});

export const ModelProto = root.lookupType('onnx.ModelProto');

export const attributeType = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7 } as const;

/** 64-bit numbers are written as numbers and read as text. */
export interface TensorMessage {
  dims?: (number | string)[];
  dataType?: number;
  floatData?: number[];
  int32Data?: number[];
  int64Data?: (number | string)[];
  name?: string;
  rawData?: Uint8Array;
  dataLocation?: number;
  externalData?: { key: string; value: string }[];
}

export interface AttributeMessage {
  name: string;
  f?: number;
  i?: number | string;
  s?: Uint8Array;
  t?: TensorMessage;
  floats?: number[];
  ints?: (number | string)[];
  type?: number;
}

export interface NodeMessage {
  input?: string[];
  output?: string[];
  name?: string;
  opType: string;
  attribute?: AttributeMessage[];
  domain?: string;
}

export interface ValueInfoMessage {
  name: string;
  type?: { tensorType?: { elemType?: number; shape?: { dim?: { dimValue?: number | string; dimParam?: string }[] } } };
}

export interface ModelMessage {
  irVersion: number | string;
  producerName?: string;
  graph?: {
    node?: NodeMessage[];
    name?: string;
    initializer?: TensorMessage[];
    input?: ValueInfoMessage[];
    output?: ValueInfoMessage[];
  };
  opsetImport: { domain?: string; version: number | string }[];
}
