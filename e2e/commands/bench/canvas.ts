/** How smoothly a large graph moves under the hand: the built app in headless Chromium, drawn by the processor. */
import type { Browser, Page } from '@playwright/test';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { Sgraffito } from '../../app/sgraffito.ts';
import { type Figure, figure, median } from './figures.ts';

const OBJECTS = 300;
const RELATIONS = 600;
const COLUMNS = 20;

interface FrameRate {
  /** Frames per second while the hand moves: the median over quarters of a second, since a stutter has quick frames beside slow ones. */
  readonly medianPerSecond: number;
  /** Milliseconds between two frames, from before the button goes down until half a second after it is released. */
  readonly longest: number;
}

/** Objects in rows; every one has about four relations, most of them far across the graph. */
function largeGraph(): SceneGraph {
  const labels = ['tree', 'sheep', 'house', 'car', 'boy', 'cloud', 'rock'];
  const predicates = ['left of', 'behind', 'next to', 'above', 'in front of'];
  return {
    format: 'sgraffito/scene-graph',
    version: 1,
    objects: Array.from({ length: OBJECTS }, (_, i) => ({
      id: `o${i}`,
      label: labels[i % labels.length]!,
      attributes: [],
      position: { x: (i % COLUMNS) * 240, y: Math.floor(i / COLUMNS) * 140 },
    })),
    relations: Array.from({ length: RELATIONS }, (_, i) => ({
      id: `r${i}`,
      subject: `o${i % OBJECTS}`,
      predicate: predicates[i % predicates.length]!,
      object: `o${(i * 7 + (i < OBJECTS ? 1 : COLUMNS)) % OBJECTS}`,
    })).filter(({ subject, object }) => subject !== object),
  };
}

/** A drag among 300 objects and 600 relations, drawn by the processor. */
export async function measureCanvas(browser: Browser, url: string): Promise<Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, baseURL: url });
  // When it can paint: compiling the model would take the processor from the canvas.
  await new Sgraffito(page).open({ model: '' });
  await openGraph(page, largeGraph());
  const whole = await framesOf(page, () => drag(page));
  for (let i = 0; i < 12; i++) await page.keyboard.press('+');
  await settled(page);
  const near = await framesOf(page, () => drag(page));
  await page.close();
  // The whole graph in view; at full size, where some dozens of objects are.
  return [...figuresOf('all in view', whole), ...figuresOf('at full size', near)];
}

const figuresOf = (view: string, { medianPerSecond, longest }: FrameRate): Figure[] => [
  figure(`canvas, ${view}: frames per second`, '1/s', [medianPerSecond]),
  figure(`canvas, ${view}: longest frame`, 'ms', [longest]),
];

async function openGraph(page: Page, graph: SceneGraph): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'File', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Open…' }).click();
  const buffer = Buffer.from(JSON.stringify(graph));
  await (await chooser).setFiles({ name: 'large.json', mimeType: 'application/json', buffer });
  await page.getByRole('main').getByText('house').nth(10).waitFor();
  await page.keyboard.press('f');
  await settled(page);
}

/** Until the view has not moved for a while. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const view = document.querySelector<HTMLElement>('.react-flow__viewport');
    for (let [still, place] = [0, '']; view && still < 20; ) {
      await new Promise(requestAnimationFrame);
      still = view.style.transform === place ? still + 1 : 0;
      place = view.style.transform;
    }
  });
}

/** Takes the object nearest to the middle of the canvas around in a circle for about three seconds, and drops it. */
async function drag(page: Page): Promise<void> {
  const start = await page.evaluate(() => {
    const canvas = document.querySelector('.canvas')!.getBoundingClientRect();
    const middle = { x: canvas.x + canvas.width / 2, y: canvas.y + canvas.height / 2 };
    const spots = [...document.querySelectorAll('.react-flow__node')].map((node) => {
      const { x, y, width, height } = node.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    });
    const away = spots.map(({ x, y }) => Math.hypot(x - middle.x, y - middle.y));
    return spots[away.indexOf(Math.min(...away))]!;
  });
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  const begun = performance.now();
  for (let seconds = 0; seconds < 3; seconds = (performance.now() - begun) / 1000) {
    const angle = seconds * 4;
    await page.mouse.move(start.x + 120 * Math.sin(angle), start.y + 90 * (1 - Math.cos(angle)));
  }
  await page.mouse.up();
}

const WINDOW = 250;

async function framesOf(page: Page, action: () => Promise<void>): Promise<FrameRate> {
  const recorder = await page.evaluateHandle(() => {
    // A method: functions in variables get a helper from the loader that the page does not have.
    const state = {
      times: [] as number[],
      tick(now: number) {
        state.times.push(now);
        requestAnimationFrame(state.tick);
      },
    };
    requestAnimationFrame(state.tick);
    return state;
  });
  await action();
  const released = await recorder.evaluate(({ times }) => times.length);
  const times = await recorder.evaluate(async (state) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return [...state.times];
  });
  const start = times[0] ?? 0;
  const counts = new Array<number>(Math.floor(((times[released - 1] ?? 0) - start) / WINDOW)).fill(0);
  for (const time of times) {
    const at = Math.floor((time - start) / WINDOW);
    if (at < counts.length) counts[at]!++;
  }
  const gaps = times.slice(1).map((time, i) => time - times[i]!);
  return { medianPerSecond: (median(counts) * 1000) / WINDOW, longest: Math.max(...gaps) };
}
