/** The tour as a hand takes it: the spec follows it on the screen, and the README's animation is made of it. */
import type { TourStep } from '#editor/tour/tour.ts';
import type { Sgraffito } from './sgraffito.ts';

/** From an empty canvas. @yields after each thing that is done, the step that it is part of */
export async function* takeTour(app: Sgraffito): AsyncGenerator<TourStep> {
  for (const [label, x, y] of [
    ['dog', 0.22, 0.3],
    ['cat', 0.72, 0.3],
    ['grass', 0.46, 0.66],
  ] as const) {
    await app.addObjectAt(label, x, y);
    yield 'add';
  }
  for (const [predicate, object] of [
    ['left of', 'cat'],
    ['standing on', 'grass'],
  ] as const) {
    await app.connect('dog', predicate, object);
    yield 'relate';
  }
  await app.generate();
  yield 'paint';
  await app.pressTool('dog left of cat', 'Opposite');
  yield 'turn';
  await app.generate();
  yield 'compare';
}
