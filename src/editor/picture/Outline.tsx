import type { Box } from '#graph/places/geometry.ts';

/** Where something is in a picture, or where it is wished to be. */
export function Outline({
  box: [left, top, right, bottom],
  kind,
}: {
  readonly box: Box;
  readonly kind: 'is' | 'wish';
}) {
  return (
    <span
      className="picture-outline"
      data-kind={kind}
      style={{
        left: `${100 * left}%`,
        top: `${100 * top}%`,
        width: `${100 * (right - left)}%`,
        height: `${100 * (bottom - top)}%`,
      }}
    />
  );
}
