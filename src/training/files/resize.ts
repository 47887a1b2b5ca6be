/** Resizing exactly as the reference implementations of the metrics do it. */
import { sizeOf, type Tensor } from '#diffusion/tensor.ts';

/**
 * (B, C, H, W) → (B, C, height, width): bilinear, pixel centres at half integers, edges repeated, no smoothing before shrinking. That is
 * PyTorch's F.interpolate(mode="bilinear", align_corners=False), which pytorch-fid uses, and OpenCV's INTER_LINEAR.
 */
export function resizeBilinear(image: Tensor, height: number, width: number): Tensor {
  const [batch = 0, channels = 0, fromHeight = 0, fromWidth = 0] = image.dims;
  const dims = [batch, channels, height, width];
  const data = new Float32Array(sizeOf(dims));
  const rows = samplePlaces(fromHeight, height);
  const columns = samplePlaces(fromWidth, width);
  for (let plane = 0; plane < batch * channels; plane++) {
    const from = plane * fromHeight * fromWidth;
    const to = plane * height * width;
    for (const [y, row] of rows.entries()) {
      const top = from + row.below * fromWidth;
      const bottom = from + row.above * fromWidth;
      for (const [x, column] of columns.entries()) {
        const upper = mix(image.data[top + column.below]!, image.data[top + column.above]!, column.share);
        const lower = mix(image.data[bottom + column.below]!, image.data[bottom + column.above]!, column.share);
        data[to + y * width + x] = mix(upper, lower, row.share);
      }
    }
  }
  return { data, dims };
}

/** Where a picture landed inside its letterbox: detected (x, y) in pixels of the box ↦ ((x − left) / width, (y − top) / height). */
export interface Letterbox {
  /** (1, C, size, size) */
  readonly image: Tensor;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Fits one picture (1, C, H, W) into a square with its aspect kept, centred on `fill`, as YOLO detectors are fed. */
export function letterbox(image: Tensor, size: number, fill: number): Letterbox {
  const [, channels = 0, fromHeight = 0, fromWidth = 0] = image.dims;
  const scale = size / Math.max(fromHeight, fromWidth);
  const height = Math.round(fromHeight * scale);
  const width = Math.round(fromWidth * scale);
  const top = Math.floor((size - height) / 2);
  const left = Math.floor((size - width) / 2);
  const inner = resizeBilinear(image, height, width);
  const data = new Float32Array(channels * size * size).fill(fill);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      const row = inner.data.subarray((c * height + y) * width, (c * height + y + 1) * width);
      data.set(row, (c * size + top + y) * size + left);
    }
  }
  return { image: { data, dims: [1, channels, size, size] }, left, top, width, height };
}

interface SamplePlace {
  readonly below: number;
  readonly above: number;
  /** Weight of `above`. */
  readonly share: number;
}

function samplePlaces(from: number, to: number): SamplePlace[] {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const below = Math.min(from - 1, Math.floor(place));
    return { below, above: Math.min(from - 1, below + 1), share: place - below };
  });
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;
