/** The app in the user's words. Every spec speaks through this, and it waits for what the screen shows, never for time. */
import { readFile } from 'node:fs/promises';
import { test as base, type Download, expect, type Locator, type Page } from '@playwright/test';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { Pixels } from './pixels.ts';

/** A picture takes seconds on a free machine, much more on a busy one. */
const PAINTING = 180_000;
/** The model is fetched and its networks are compiled. */
const LOADING = 120_000;

/** SGRAFFITO_MODEL names another package in public/models, to put it through the same specs. */
export const MODEL = process.env.SGRAFFITO_MODEL ?? 'picturebook';

interface Where {
  readonly backend?: 'wasm' | 'webgpu' | 'auto';
  readonly path?: string;
  /** That the address names; none where it is ''. */
  readonly model?: string;
  /** The start graph's picture, which comes with the app; without it a spec begins with an empty history. */
  readonly greeted?: boolean;
  /** The offer of a tour that a first visit gets. */
  readonly offered?: boolean;
  /** The browser's pickers of files, which the spec stands in for. */
  readonly pickers?: boolean;
}

export class Sgraffito {
  readonly page: Page;
  readonly canvas: Locator;
  readonly objects: Locator;
  readonly relations: Locator;
  readonly picture: Locator;
  readonly history: Locator;
  readonly status: Locator;
  /** Everything the screen complains about: notices beside the picture, and toasts. */
  readonly complaints: Locator;
  #askForModel: () => void = () => undefined;

  constructor(page: Page) {
    this.page = page;
    this.canvas = page.getByRole('main', { name: 'Canvas' });
    this.objects = this.canvas.getByRole('button', { name: /^Object / });
    this.relations = this.canvas.getByRole('button', { name: /^Relation / });
    this.picture = page.getByRole('img', { name: /^Picture of: / });
    this.history = page.getByRole('region', { name: 'History' });
    this.status = page.getByRole('status', { name: 'Model and backend' });
    this.complaints = page.getByRole('alert');
  }

  /**
   * Opens the app as on a slow network: the model comes when `ready` is called. What edits alone needs none, and loading one takes
   * a core for seconds.
   */
  async visit({ path = './', greeted = false, offered = false, pickers = false }: Where = {}): Promise<void> {
    const asked = new Promise<void>((resolve) => {
      this.#askForModel = resolve;
    });
    await this.page.route('**/models/**', async (route) => {
      await asked;
      await route.continue();
    });
    await this.start({ path, greeted, offered, pickers });
  }

  /** Opens the app and waits until it can paint. */
  async open(where: Where = {}): Promise<void> {
    await this.start(where);
    await this.ready();
  }

  /** Opens the app and waits for the graph that greets the user. The model comes when it comes, or never. */
  async start({
    backend = 'wasm',
    path = './',
    model = MODEL,
    greeted = false,
    offered = false,
    pickers = false,
  }: Where = {}): Promise<void> {
    if (!offered) await this.page.addInitScript(turnDownTour);
    // Windows of the system, which no spec can press: without them files come by an input and go as downloads.
    if (!pickers)
      await this.page.addInitScript(() => {
        Object.assign(window, { showOpenFilePicker: undefined, showSaveFilePicker: undefined });
      });
    if (!greeted) await this.page.route('**/picture-*.{json,png}', (route) => route.abort());
    const query = new URLSearchParams({ backend, ...(model !== '' && { model }) });
    await this.page.goto(`${path}?${query}`);
    await expect(this.canvas).toBeVisible({ timeout: LOADING });
  }

  async ready(patience = LOADING): Promise<void> {
    this.#askForModel();
    await expect(this.page.getByRole('button', { name: 'Generate' })).toBeEnabled({ timeout: patience });
  }

  // ── menus ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async menu(title: string, item: string): Promise<void> {
    await this.page.getByRole('menuitem', { name: title, exact: true }).click();
    await this.page.getByRole('menu').getByRole('menuitem', { name: item }).first().click();
    await expect(this.page.getByRole('menu')).toHaveCount(0);
  }

  async newGraph(): Promise<void> {
    await this.menu('File', 'New graph');
    await expect(this.objects).toHaveCount(0);
  }

  async openExample(title: string): Promise<void> {
    await this.menu('Examples', title);
  }

  // ── the graph ────────────────────────────────────────────────────────────────────────────────────────────────────

  object(name: string): Locator {
    return this.canvas.getByRole('button', { name: `Object ${name}`, exact: true });
  }

  /** Clicks the object once the view has come to rest: what glides away between press and release is not clicked. `more`: beside what is selected. */
  async select(name: string, { more = false } = {}): Promise<void> {
    await this.boxOf(this.object(name));
    await this.object(name).click({ modifiers: more ? ['Shift'] : [] });
    await expect(this.object(name)).toHaveAttribute('aria-pressed', 'true');
  }

  relation(sentence: string): Locator {
    return this.canvas.getByRole('button', { name: `Relation ${sentence}`, exact: true });
  }

  /** Double-clicks the canvas at a share of its width and height, and types the label. */
  async addObjectAt(label: string, x: number, y: number): Promise<void> {
    const box = await this.boxOf(this.canvas);
    await this.page.mouse.dblclick(box.x + box.width * x, box.y + box.height * y);
    await this.answer(label);
  }

  /** Types into the combobox that asks for a label or a predicate, and takes the best match. `next`: another question follows. */
  async answer(word: string, then: 'done' | 'next' = 'done'): Promise<void> {
    const input = this.page.getByRole('dialog').getByRole('combobox');
    await input.fill(word);
    await expect(this.page.getByRole('dialog').getByRole('option', { selected: true })).toBeVisible();
    await input.press('Enter');
    if (then === 'done') await expect(input).toHaveCount(0);
    else await expect(input).toHaveValue('');
  }

  /** Drags from a grip of the subject onto the object; the combobox for the predicate opens. */
  async drag(subject: string, object: string): Promise<void> {
    await this.dragTo(await this.gripOf(subject), this.object(object));
  }

  /** A grip that connections are drawn from. It is there while the hand is near: a model that arrives widens the objects, and the view moves. */
  async gripOf(name: string): Promise<Locator> {
    const grip = this.object(name).locator('.grip').nth(1);
    await expect(async () => {
      await this.object(name).hover();
      // The object may move from under the hand until it rests.
      await this.boxOf(this.object(name));
      await expect(grip).toBeVisible({ timeout: 1000 });
    }).toPass();
    return grip;
  }

  async connect(subject: string, predicate: string, object: string): Promise<void> {
    await this.drag(subject, object);
    await this.answer(predicate);
    await expect(this.relation(`${subject} ${predicate} ${object}`)).toBeVisible();
  }

  /** Clears the selection, whose tools may lie over the object, and drags the object. */
  async moveObject(name: string, dx: number, dy: number): Promise<void> {
    await this.page.keyboard.press('Escape');
    const { x, y } = await this.middleOf(this.object(name));
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    // A hand passes the threshold of a drag by a pixel or two, not by the first leap of a script.
    await this.page.mouse.move(x + 4 * Math.sign(dx), y);
    await this.page.mouse.move(x + dx, y + dy, { steps: 10 });
    await this.page.mouse.up();
    const distance = async () => {
      const now = await this.middleOf(this.object(name));
      return Math.hypot(now.x - x - dx, now.y - y - dy);
    };
    await expect.poll(distance).toBeLessThan(8);
  }

  /** Takes an edge in hand and presses one of its tools: Opposite, Swap subject and object, Remove relation … */
  async pressTool(sentence: string, tool: string): Promise<void> {
    const button = this.canvas.getByRole('toolbar').getByRole('button', { name: tool });
    // A graph that was just opened may still be moving into view: then a click lands beside the edge.
    await expect(async () => {
      await this.relation(sentence).click();
      await expect(button).toBeVisible({ timeout: 2000 });
    }).toPass();
    await button.click();
  }

  async choosePredicate(sentence: string, predicate: string): Promise<void> {
    await this.pressTool(sentence, 'Change predicate');
    await this.answer(predicate);
  }

  /** What the screen says of the graph: names of objects and sentences of relations, sorted. */
  async graphOnScreen(): Promise<{ objects: string[]; relations: string[] }> {
    const names = async (elements: Locator) => {
      const labels = await elements.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
      return labels.sort();
    };
    return { objects: await names(this.objects), relations: await names(this.relations) };
  }

  // ── the picture ──────────────────────────────────────────────────────────────────────────────────────────────────

  async set(setting: 'Seed' | 'Steps' | 'Guidance' | 'Relations ×', value: number): Promise<void> {
    await this.page.getByRole('spinbutton', { name: setting, exact: true }).fill(String(value));
  }

  async generate(patience = PAINTING): Promise<void> {
    await this.paints(() => this.page.getByRole('button', { name: 'Generate' }).click(), patience);
  }

  /** Does something that paints, and waits for the picture. */
  async paints(action: () => Promise<void>, patience = PAINTING): Promise<void> {
    const pictures = this.history.getByRole('listitem');
    const before = await pictures.count();
    await action();
    await expect(pictures.or(this.complaints)).not.toHaveCount(before, { timeout: patience });
    await expect(this.complaints).toHaveCount(0);
    await expect(pictures).toHaveCount(before + 1);
    await expect(this.page.getByRole('button', { name: 'Generate' })).toBeEnabled();
  }

  /** The pixels on the stage: of the first picture, or in a comparison of the one asked for. */
  async picturePixels(index = 0): Promise<Pixels> {
    const { width, height, data } = await this.picture.nth(index).evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const context = canvas.getContext('2d');
      if (!context) throw new Error('The stage is no canvas.');
      const image = context.getImageData(0, 0, canvas.width, canvas.height);
      return { width: image.width, height: image.height, data: Array.from(image.data) };
    });
    return { width, height, data: Uint8Array.from(data) };
  }

  /** The file behind "PNG, the model's own pixels". */
  async exportPng(): Promise<Buffer> {
    await this.page.getByRole('button', { name: 'Export PNG' }).click();
    return this.downloaded(() => this.page.getByRole('menuitem', { name: /own pixels/ }).click());
  }

  /** Closes the toast that complains. */
  async dismissComplaint(): Promise<void> {
    await this.page.getByRole('button', { name: 'Close toast' }).click();
    await expect(this.complaints).toHaveCount(0);
  }

  // ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async saveGraph(): Promise<SceneGraph> {
    const bytes = await this.downloaded(() => this.page.keyboard.press('ControlOrMeta+s'));
    return JSON.parse(bytes.toString('utf8')) as SceneGraph;
  }

  async openFile(name: string, content: string | Buffer): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.menu('File', 'Open…');
    const mimeType = name.endsWith('.png') ? 'image/png' : 'application/json';
    await (await chooser).setFiles({ name, mimeType, buffer: Buffer.from(content) });
  }

  async downloaded(action: () => Promise<void>): Promise<Buffer> {
    const event = this.page.waitForEvent('download');
    await action();
    return readDownload(await event);
  }

  // ── the pointer ──────────────────────────────────────────────────────────────────────────────────────────────────

  private async dragTo(from: Locator, to: Locator): Promise<void> {
    const start = await this.middleOf(from);
    const end = await this.middleOf(to);
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move(end.x, end.y, { steps: 12 });
    await this.page.mouse.up();
  }

  private async middleOf(element: Locator): Promise<{ x: number; y: number }> {
    const box = await this.boxOf(element);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Where an element is once it has come to rest: a canvas that was just filled moves its view for a moment. */
  async boxOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
    await expect(element).toBeVisible();
    return element.evaluate(async (each) => {
      const nextFrame = () => new Promise(requestAnimationFrame);
      let [box, still] = [each.getBoundingClientRect(), 0];
      while (still < 12) {
        await nextFrame();
        const now = each.getBoundingClientRect();
        const isStill = now.x === box.x && now.y === box.y && now.width === box.width && now.height === box.height;
        still = isStill ? still + 1 : 0;
        box = now;
      }
      return { x: box.x, y: box.y, width: box.width, height: box.height };
    });
  }
}

/** As one who was here before. */
function turnDownTour(): void {
  const key = 'sgraffito/preferences';
  // An empty page has no storage.
  if (!location.protocol.startsWith('http')) return;
  if (localStorage.getItem(key) === null)
    localStorage.setItem(key, JSON.stringify({ state: { tourOffered: true }, version: 1 }));
}

/** Until nothing moves any more, but for what turns for ever or waits for a scroll. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(
        ({ playState, effect }) => playState === 'running' && Number.isFinite(effect?.getComputedTiming().endTime),
      );
    await Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
  });
}

async function readDownload(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

interface Fixtures {
  /** The app in a fresh browser profile. A spec fails when the page throws, whatever else it checked. */
  readonly app: Sgraffito;
  /** The path of a file in the spec's own folder, which is empty at first. */
  readonly file: (name: string) => string;
}

export const test = base.extend<Fixtures>({
  file: async ({ baseURL: _ }, use, info) => use((name) => info.outputPath(name)),
  app: async ({ page }, use) => {
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await use(new Sgraffito(page));
    expect(errors, 'errors that nobody caught').toEqual([]);
  },
});

export { expect };
