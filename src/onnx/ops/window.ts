/** The sliding window of convolutions and pooling over (N, C, H, W). */
import { choiceAttribute, integersAttribute } from '#onnx/attributes.ts';
import { GraphError, type Node, type Value } from '#onnx/graph.ts';

export type Pair = readonly [number, number];
export type Quad = readonly [number, number, number, number];

export interface Window {
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  /** top, left, bottom, right */
  readonly pads: Quad;
}

/**
 * Reads strides, pads, dilations and auto_pad.
 * @param kernel height and width of the window
 * @throws GraphError unless there are two spatial axes and all numbers make sense.
 */
export function windowOf(op: string, attributes: Node['attributes'], x: Value, kernel: readonly number[]): Window {
  if (x.shape.length !== 4 || kernel.length !== 2) {
    throw new GraphError(op, `works on (N, C, H, W) with a window of 2 dimensions, not ${kernel.length}`, [x]);
  }
  const strides = integersAttribute(op, attributes, 'strides', [1, 1]);
  const dilations = integersAttribute(op, attributes, 'dilations', [1, 1]);
  const explicit = integersAttribute(op, attributes, 'pads', [0, 0, 0, 0]);
  const positive = [...kernel, ...strides, ...dilations].every((value) => Number.isInteger(value) && value >= 1);
  if (strides.length !== 2 || dilations.length !== 2 || explicit.length !== 4 || !positive) {
    throw new GraphError(op, `kernel [${kernel}], strides [${strides}], dilations [${dilations}] make no window`, [x]);
  }
  if (explicit.some((amount) => amount < 0)) throw new GraphError(op, `pads [${explicit}] are negative`, [x]);
  const window = {
    kernel: kernel as unknown as Pair,
    strides: strides as unknown as Pair,
    dilations: dilations as unknown as Pair,
  };
  const auto = choiceAttribute(op, attributes, 'auto_pad', ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER']);
  if (auto === 'NOTSET') return { ...window, pads: explicit as unknown as Quad };
  if (auto === 'VALID') return { ...window, pads: [0, 0, 0, 0] };
  const [top, bottom] = samePadding(x, window, 0, auto);
  const [left, right] = samePadding(x, window, 1, auto);
  return { ...window, pads: [top, left, bottom, right] };
}

/** Rows (axis 0) or columns (axis 1) that the window spans. */
export function reach({ kernel, dilations }: Pick<Window, 'kernel' | 'dilations'>, axis: 0 | 1): number {
  return (kernel[axis] - 1) * dilations[axis] + 1;
}

/** Height and width after the window has slid over `x`. @throws GraphError when it does not fit once. */
export function slidShape(op: string, x: Value, window: Window): [number, number] {
  const size = (axis: 0 | 1) => {
    const room = x.shape[2 + axis]! + window.pads[axis] + window.pads[(axis + 2) as 2 | 3];
    return Math.floor((room - reach(window, axis)) / window.strides[axis]) + 1;
  };
  const rows = size(0);
  const columns = size(1);
  if (rows < 1 || columns < 1) {
    throw new GraphError(op, `a window of ${reach(window, 0)} × ${reach(window, 1)} is larger than the picture`, [x]);
  }
  return [rows, columns];
}

/** SAME: as many places as the stride divides the size into, rounded up; the odd row goes to the end (UPPER) or the start. */
function samePadding(x: Value, window: Omit<Window, 'pads'>, axis: 0 | 1, auto: string): [number, number] {
  const size = x.shape[2 + axis]!;
  const stride = window.strides[axis];
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach(window, axis) - size);
  const small = Math.floor(total / 2);
  return auto === 'SAME_UPPER' ? [small, total - small] : [total - small, small];
}
