/** Sentences that are kept: a file of strangers may give cause for millions. */
const MOST_TOLD = 100;

/** What the readers of a file leave out of it: all of it counted, the first of it told. */
export class LeftOut {
  private readonly told: string[] = [];
  private total = 0;
  private readonly byReason = new Map<string, number>();

  /**
   * @param sentence with the path to what was left out; asked for only where it is kept
   * @param reason of a few: the sentence without what differs from one to the next
   */
  add(sentence: () => string, reason: string): void {
    if (this.told.length < MOST_TOLD) this.told.push(sentence());
    this.total++;
    this.byReason.set(reason, (this.byReason.get(reason) ?? 0) + 1);
  }

  /** How many things were left out for each reason. */
  get reasons(): ReadonlyMap<string, number> {
    return this.byReason;
  }

  get count(): number {
    return this.total;
  }

  /** One sentence each, and how many more there were. */
  get sentences(): readonly string[] {
    const more = this.total - this.told.length;
    return more === 0 ? [...this.told] : [...this.told, `and ${more} more were left out`];
  }
}
