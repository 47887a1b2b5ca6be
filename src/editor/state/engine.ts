import { useEngine } from './engine-store.ts';
import type { PictureRecord } from './picture-record.ts';

export async function loadModel(): Promise<void> {
  useEngine.getState().set({
    status: {
      type: 'failed',
      fault: {
        code: 'model-not-found',
        message: 'There is no model in models/picturebook: manifest.json was not found.',
      },
    },
  });
}
export async function generate(_options: { keepSeed?: boolean } = {}): Promise<void> {}
export function cancelGeneration(): void {}
export function restorePicture(_record: PictureRecord): void {}
