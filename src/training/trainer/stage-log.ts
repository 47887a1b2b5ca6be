/** A stage's progress: a bar on a terminal, a line now and then elsewhere, and every number as a JSON line in a file. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';

interface LoggedStep {
  readonly step: number;
  /** Trained so far, over all runs. */
  readonly seconds: number;
  /** Share of the stage's budget that is used. */
  readonly progress: number;
  readonly pictures: number;
  readonly numbers: Readonly<Record<string, number>>;
}

const WRITE_EVERY_SECONDS = 5;
const SAY_EVERY_SECONDS = 30;

export class StageLog {
  readonly #name: string;
  readonly #file: string;
  readonly #bar: SingleBar | undefined;
  #sums: Record<string, number> = {};
  #count = 0;
  #pictures = 0;
  #written: number | undefined;
  #said = Number.NEGATIVE_INFINITY;
  #last: LoggedStep | undefined;

  constructor(name: string, folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#name = name;
    this.#file = join(folder, `${name}.log.jsonl`);
    if (process.stderr.isTTY) {
      this.#bar = new SingleBar({
        format: `${name} {bar} {percentage}% | loss {loss} | {rate} pictures/s | {left} left`,
        hideCursor: true,
      });
      this.#bar.start(1, 0, { loss: '–', rate: '–', left: '–' });
    }
  }

  step(entry: LoggedStep): void {
    for (const [name, value] of Object.entries(entry.numbers)) this.#sums[name] = (this.#sums[name] ?? 0) + value;
    this.#count += 1;
    this.#pictures += entry.pictures;
    this.#last = entry;
    this.#written ??= entry.seconds;
    if (entry.seconds - this.#written >= WRITE_EVERY_SECONDS) this.#write(entry, entry.seconds - this.#written);
  }

  /** What came since the last line is written too. */
  close(): void {
    if (this.#last && this.#count > 0) this.#write(this.#last, this.#last.seconds - (this.#written ?? 0));
    this.#bar?.stop();
  }

  #write(entry: LoggedStep, elapsed: number): void {
    // Of a single step nobody knows how long it took.
    const rate = elapsed > 0 ? this.#pictures / elapsed : Number.NaN;
    const means = Object.fromEntries(Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#count]));
    const line = {
      time: new Date().toISOString(),
      step: entry.step,
      seconds: Math.round(entry.seconds),
      ...(elapsed > 0 && { picturesPerSecond: rate }),
      ...means,
    };
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
    this.#say(entry, means, rate);
    this.#sums = {};
    this.#count = 0;
    this.#pictures = 0;
    this.#written = entry.seconds;
  }

  #say(entry: LoggedStep, means: Record<string, number>, rate: number): void {
    const { progress, seconds } = entry;
    const left = `${Math.max(0, ((1 / progress - 1) * seconds) / 60).toFixed(1)} min`;
    const loss = (means.loss ?? Number.NaN).toFixed(4);
    if (this.#bar) {
      this.#bar.update(Math.min(progress, 1), { loss, rate: rate.toFixed(1), left });
      return;
    }
    if (entry.seconds - this.#said < SAY_EVERY_SECONDS) return;
    this.#said = entry.seconds;
    const rest = Object.entries(means)
      .filter(([name]) => name !== 'loss')
      .map(([name, value]) => `${name} ${value.toPrecision(3)}`)
      .join('  ');
    process.stderr.write(
      `${this.#name}: step ${entry.step}  loss ${loss}  ${rest}  ${rate.toFixed(1)} pictures/s  ${left} left\n`,
    );
  }
}
