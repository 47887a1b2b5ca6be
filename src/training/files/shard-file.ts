/** A shard of an imported data set: pictures, masks and graphs of some hundred records in one safetensors file. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { RenderedScene, Scene, SceneGraphSample } from '#training/corpus/world/scene.ts';
import { packTensors, unpackTensors } from './checked-tensors.ts';
import { ImportInputError } from './input-error.ts';
import { TensorFileError } from './tensor-file.ts';

export interface DataRecord {
  readonly imageId: number;
  readonly rendered: RenderedScene;
  readonly sample: SceneGraphSample;
}

/** A record as it is kept. */
export interface PackedRecord {
  readonly imageId: number;
  readonly scene: Scene;
  readonly sample: SceneGraphSample;
  /** PNG, size × size. */
  readonly picture: Uint8Array;
  /** objects × grid × grid, 0–255. */
  readonly masks: Uint8Array;
}

type IndexEntry = Omit<PackedRecord, 'picture' | 'masks'> & { readonly pictureBytes: number };

/** @param metadata texts that lie beside the records. */
export function packShard(records: readonly PackedRecord[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const index: IndexEntry[] = records.map(({ imageId, scene, sample, picture }) => ({
    imageId,
    scene,
    sample,
    pictureBytes: picture.length,
  }));
  return packTensors(
    new Map([
      ['pictures', bytesTensor(Buffer.concat(records.map(({ picture }) => picture)))],
      ['masks', bytesTensor(Buffer.concat(records.map(({ masks }) => masks)))],
      ['records', bytesTensor(Buffer.from(JSON.stringify(index)))],
    ]),
    metadata,
  );
}

/** @throws ImportInputError when the bytes are no shard. */
export function unpackShard(bytes: Uint8Array, file: string, grid: number): PackedRecord[] {
  try {
    const { tensors } = unpackTensors(bytes, file);
    const [pictures, masks, records] = ['pictures', 'masks', 'records'].map(
      (name) => tensors.get(name)!.data as Uint8Array,
    );
    let [pictureAt, maskAt] = [0, 0];
    return (JSON.parse(new TextDecoder().decode(records)) as IndexEntry[]).map(({ pictureBytes, ...record }) => {
      const maskBytes = record.scene.objects.length * grid * grid;
      const packed = {
        ...record,
        picture: pictures!.subarray(pictureAt, pictureAt + pictureBytes),
        masks: masks!.subarray(maskAt, maskAt + maskBytes),
      };
      pictureAt += pictureBytes;
      maskAt += maskBytes;
      return packed;
    });
  } catch (error) {
    const what = error instanceof TensorFileError ? error.message : `${file} is damaged: ${(error as Error).message}`;
    throw new ImportInputError(`${what}; import again, which makes it anew`);
  }
}

export async function openRecord(
  { imageId, scene, sample, picture, masks }: PackedRecord,
  size: number,
  grid: number,
): Promise<DataRecord> {
  const context = createCanvas(size, size).getContext('2d');
  context.drawImage(await loadImage(Buffer.from(picture)), 0, 0, size, size);
  const { data } = context.getImageData(0, 0, size, size);
  const rgb = Uint8Array.from({ length: size * size * 3 }, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)]!);
  return { imageId, rendered: { scene, rgb, size, masks, grid }, sample };
}

const bytesTensor = (data: Uint8Array) => ({ dtype: 'U8' as const, shape: [data.length], data });
