/** "1.7 GB", "34.5 MB", "152 MB", "40 kB", "430 bytes": in steps of 1000, as browsers and systems count. */
export function sizeText(bytes: number): string {
  if (bytes >= 999.5e6) return `${shortened(bytes / 1e9)} GB`;
  if (bytes >= 999.5e3) return `${shortened(bytes / 1e6)} MB`;
  return bytes >= 1e3 ? `${Math.round(bytes / 1e3)} kB` : `${bytes} bytes`;
}

const shortened = (size: number): string => size.toFixed(size < 99.95 ? 1 : 0);
