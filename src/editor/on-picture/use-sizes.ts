import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Size } from '#editor/geometry/element-sizes.ts';

/** Pixels of an element, as it grows and shrinks; null before it is there. */
export function useRoom(element: RefObject<HTMLElement | null>): Size | null {
  const [room, setRoom] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const measure = () => setRoom({ width: current.clientWidth, height: current.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return room;
}

/** Pixels of every chip by its id; the same map until one of them changes. */
export function useChipSizes(root: RefObject<HTMLElement | null>): ReadonlyMap<string, Size> {
  const [sizes, setSizes] = useState<ReadonlyMap<string, Size>>(new Map());
  useLayoutEffect(() => {
    const chips = root.current?.querySelectorAll<HTMLElement>('.chip') ?? [];
    const next = new Map(
      [...chips].map(({ dataset, offsetWidth, offsetHeight }) => [
        dataset.id ?? '',
        { width: offsetWidth, height: offsetHeight },
      ]),
    );
    setSizes((before) => (isSame(before, next) ? before : next));
  });
  return sizes;
}

const isSame = (a: ReadonlyMap<string, Size>, b: ReadonlyMap<string, Size>): boolean =>
  a.size === b.size && [...a].every(([id, { width, height }]) => isSize(b.get(id), width, height));

const isSize = (size: Size | undefined, width: number, height: number): boolean =>
  size?.width === width && size.height === height;
