/** The drawings of the loaded model's labels: read after the model, so that nothing waits for them, and done without where there are none. */
import { create } from 'zustand';
import type { ModelFacts, SpriteSheet } from '#engine/contract/manifest.ts';
import { labelOfAlias } from '#graph/words/aliases.ts';
import { readSprites } from './engine.ts';
import { currentManifest, useEngine } from './engine-store.ts';

interface SpritesState {
  /** Of this model. */
  readonly manifest: ModelFacts | null;
  /** Address of the decoded sheet, and where each label lies on it. */
  readonly url: string;
  readonly layout: SpriteSheet | null;
  readonly image: HTMLImageElement | null;
}

const NONE: SpritesState = { manifest: null, url: '', layout: null, image: null };
const useSprites = create<SpritesState>()(() => NONE);

/** Follows the model in use. @returns the undo of its subscription */
export function keepSprites(): () => void {
  const follow = () => {
    const manifest = currentManifest();
    if (manifest && manifest !== useSprites.getState().manifest) void read(manifest);
  };
  follow();
  return useEngine.subscribe(follow);
}

async function read(manifest: ModelFacts): Promise<void> {
  const { url: before } = useSprites.getState();
  useSprites.setState({ ...NONE, manifest });
  if (before !== '') URL.revokeObjectURL(before);
  const { sprites: layout } = manifest;
  const png = layout && (await readSprites());
  if (!layout || !png) return;
  const url = URL.createObjectURL(new Blob([png], { type: 'image/png' }));
  const image = new Image();
  image.src = url;
  const isDecoded = await image.decode().then(
    () => true,
    () => false,
  );
  if (isDecoded && useSprites.getState().manifest === manifest) useSprites.setState({ url, layout, image });
  else URL.revokeObjectURL(url);
}

/** The drawings of these labels, each as a PNG of its own in a data address; labels without one are left out. */
export function spriteImages(labels: readonly string[]): ReadonlyMap<string, string> {
  const { image, layout } = useSprites.getState();
  const images = new Map<string, string>();
  if (!image || !layout) return images;
  const { side, columns } = layout;
  const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
  const context = canvas.getContext('2d');
  for (const label of new Set(labels)) {
    const index = indexOf(layout.labels, label);
    if (!context || index < 0) continue;
    context.clearRect(0, 0, side, side);
    context.drawImage(image, -(index % columns) * side, -Math.floor(index / columns) * side);
    images.set(label, canvas.toDataURL('image/png'));
  }
  return images;
}

/** CSS of the drawing of a label, or of the label that a word of everyday stands for. Undefined where there is none. */
export function useSprite(
  label: string,
  size: number,
):
  | { readonly backgroundImage: string; readonly backgroundPosition: string; readonly backgroundSize: string }
  | undefined {
  const { url, layout } = useSprites();
  if (!layout) return undefined;
  const index = indexOf(layout.labels, label);
  if (index < 0) return undefined;
  const { columns } = layout;
  return {
    backgroundImage: `url(${url})`,
    backgroundPosition: `${-(index % columns) * size}px ${-Math.floor(index / columns) * size}px`,
    backgroundSize: `${columns * size}px auto`,
  };
}

function indexOf(labels: readonly string[], word: string): number {
  const index = labels.indexOf(word);
  const alias = index < 0 ? labelOfAlias(word, labels) : undefined;
  return alias === undefined ? index : labels.indexOf(alias);
}
