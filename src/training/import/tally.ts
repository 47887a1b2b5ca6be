/** How often each thing was seen, for reports: labels, predicates, reasons for skipping. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, times = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
  }

  /** @param counts as `toJSON` gives them. */
  addAll(counts: Readonly<Record<string, number>>): void {
    for (const [name, times] of Object.entries(counts)) this.add(name, times);
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Most frequent first; equal ones in the order in which they were first seen. */
  names(): string[] {
    return [...this.#counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  }

  /** Names that were seen so often, most frequent first. */
  atLeast(times: number): string[] {
    return this.names().filter((name) => this.get(name) >= times);
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries(this.names().map((name) => [name, this.get(name)]));
  }
}
