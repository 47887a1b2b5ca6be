import { useLayoutEffect, useRef } from 'react';
import { toImageData } from '#editor/history/pixels.ts';
import type { Picture } from '#engine/contract/protocol.ts';

interface PictureCanvasProps {
  readonly picture: Picture;
  /** What the picture shows; without it the canvas is decoration. */
  readonly alt?: string;
}

/** A picture at its own pixels; the style sheet enlarges it smoothly. */
export function PictureCanvas({ picture, alt }: PictureCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(toImageData(picture), 0, 0);
  }, [picture]);
  return (
    <canvas
      ref={canvas}
      width={picture.width}
      height={picture.height}
      role={alt === undefined ? undefined : 'img'}
      aria-label={alt}
      aria-hidden={alt === undefined}
    />
  );
}
