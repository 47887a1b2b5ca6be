/**
 * Sessions of models whose weights go by way of a file. A protobuf message may have 2 GiB and so may a buffer; a file may have any size, and
 * ONNX Runtime maps it rather than copying it.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WeightsFile } from '#onnx/file/weights-file.ts';
import { writeAt } from '#training/files/pieces.ts';

interface Released {
  release(): Promise<void>;
}

export interface DiskSession<Session extends Released> extends Released {
  readonly session: Session;
}

/** @param write returns the model, with weights appended to the file beside it @throws Error of the runtime, or of a full disk */
export async function openFromDisk<Session extends Released>(
  write: (weights: WeightsFile) => Uint8Array,
  open: (path: string) => Promise<Session>,
): Promise<DiskSession<Session>> {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-model-'));
  // Where open files cannot be deleted, they go when the session does.
  const clear = () => rmSync(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'model.onnx');
    const weights = createWeightsFile(folder, 'model.onnx_data');
    try {
      writeFileSync(path, write(weights));
    } finally {
      weights.close();
    }
    const session = await open(path);
    return {
      session,
      async release() {
        await session.release();
        clear();
      },
    };
  } finally {
    if (process.platform !== 'win32') clear();
  }
}

/** An empty file in a folder, to which the bytes of tensors are appended. */
function createWeightsFile(folder: string, location: string): WeightsFile & { close(): void } {
  const handle = openSync(join(folder, location), 'w');
  let end = 0;
  return {
    location,
    append(bytes) {
      const offset = Math.ceil(end / PAGE) * PAGE;
      writeAt(handle, bytes, offset);
      end = offset + bytes.length;
      return offset;
    },
    close: () => closeSync(handle),
  };
}

/** Offsets that every system can map from: 64 KiB on Windows, less elsewhere. */
const PAGE = 65_536;
