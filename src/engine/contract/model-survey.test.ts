import { expect, it } from 'vitest';
import { type DeviceFacts, type ModelNeeds, obstaclesOf } from './model-survey.ts';

const GB = 1e9;
const needs: ModelNeeds = {
  bytes: 2.2 * GB,
  kept: 0,
  halfPrecision: true,
  largestWeight: 77_000_000,
  largestFile: { path: 'unet/model.onnx_data', bytes: 1.7 * GB },
  foreignOperators: [],
};
const device: DeviceFacts = {
  webgpu: { halfPrecision: true, largestBuffer: 2 ** 31 },
  freeBytes: 20 * GB,
  memoryBytes: undefined,
};
const noWebgpu: DeviceFacts['webgpu'] = { missing: 'this browser has no WebGPU' };
const fused = (name: string) => [
  { file: 'unet/model.onnx', names: ['com.microsoft.Attention', `com.microsoft.${name}`] },
];

const cases: readonly (readonly [string, Partial<ModelNeeds>, Partial<DeviceFacts>, readonly [boolean, RegExp][]])[] = [
  ['half precision where it is computed', {}, {}, []],
  [
    'single precision beyond 2 GiB, as Stable Diffusion 1.5’s',
    { bytes: 4.3 * GB, halfPrecision: false, largestFile: { path: 'unet/weights.pb', bytes: 3.4 * GB } },
    {},
    [],
  ],
  ['what is here already takes no room', { kept: 2.1 * GB }, { freeBytes: 0.2 * GB }, []],
  ['no room', {}, { freeBytes: GB }, [[true, /room for 1\.0 GB more, the download takes 2\.2 GB/]]],
  [
    'half precision without WebGPU takes twice',
    {},
    { webgpu: noWebgpu },
    [[true, /no WebGPU.*at most 4 GB; the model takes 4\.4 GB.*Tiny-SD/]],
  ],
  [
    'half precision without shader-f16',
    {},
    { webgpu: { halfPrecision: false, largestBuffer: 2 ** 31 } },
    [[true, /shader-f16/]],
  ],
  [
    'a smaller one without WebGPU',
    { bytes: GB },
    { webgpu: noWebgpu },
    [[false, /The processor will paint, for this browser has no WebGPU/]],
  ],
  ['a tiny one without WebGPU', { bytes: 3_000_000 }, { webgpu: noWebgpu }, []],
  [
    'buffers that are too small',
    { halfPrecision: false, largestWeight: 152_000_000 },
    { webgpu: { halfPrecision: true, largestBuffer: 2 ** 27 } },
    [[false, /one weight takes 152 MB.*at most 134 MB/]],
  ],
  [
    'a file beyond 4 GiB',
    { largestFile: { path: 'unet/model.onnx_data', bytes: 5 * GB } },
    {},
    [[true, /unet\/model\.onnx_data has 5\.0 GB/]],
  ],
  [
    'operators of CUDA',
    { foreignOperators: fused('NhwcConv') },
    {},
    [[true, /unet\/model\.onnx was fused.*com\.microsoft\.NhwcConv, which a browser cannot run/]],
  ],
  ['operators of WebGPU', { foreignOperators: fused('BiasSplitGelu') }, {}, []],
  [
    'operators of WebGPU without it',
    { bytes: GB, foreignOperators: fused('BiasSplitGelu') },
    { webgpu: noWebgpu },
    [[true, /com\.microsoft\.BiasSplitGelu/]],
  ],
  ['little memory', {}, { memoryBytes: 4 * 2 ** 30 }, [[false, /2\.2 GB of memory.*about 4\.3 GB/]]],
  [
    'several: what is final comes first',
    { bytes: GB, kept: 0 },
    { webgpu: noWebgpu, freeBytes: 0 },
    [
      [true, /room/],
      [false, /processor/],
    ],
  ],
];

it.each(cases)('%s', (_, change, changed, expected) => {
  const found = obstaclesOf({ ...needs, ...change }, { ...device, ...changed });
  expect(found).toEqual(expected.map(([isFinal, message]) => ({ isFinal, message: expect.stringMatching(message) })));
});
