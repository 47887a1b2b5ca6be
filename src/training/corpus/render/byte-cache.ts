/** Keeps what was made last, up to a number of bytes. */

interface Sized {
  readonly rgba: { readonly byteLength: number };
}

export class ByteCache<Item extends Sized> {
  readonly #most: number;
  readonly #items = new Map<string, Item>();
  #bytes = 0;

  /** @param most bytes to keep; the item asked for last is kept even where it alone is larger */
  constructor(most: number) {
    this.#most = most;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string, make: () => Item): Item {
    const found = this.#items.get(key);
    if (found) return found;
    const item = make();
    this.#items.set(key, item);
    this.#bytes += item.rgba.byteLength;
    // A Map goes through its items in the order in which they came.
    for (const [oldest, { rgba }] of this.#items) {
      if (this.#bytes <= this.#most || oldest === key) break;
      this.#items.delete(oldest);
      this.#bytes -= rgba.byteLength;
    }
    return item;
  }
}
