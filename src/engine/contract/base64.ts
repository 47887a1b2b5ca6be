/** Pieces that a call can take as its arguments. */
const PIECE = 0x8000;

/** In linear time: bytes of a picture are many. */
export function bytesToBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += PIECE) text += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  return btoa(text);
}
