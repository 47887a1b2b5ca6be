/** What the built-in model made of the examples, by `npm run thumbnails`. Files of their own: none of them weighs on the first screen's script. */
const addresses = import.meta.glob<string>('./thumbnails/*.webp', {
  eager: true,
  import: 'default',
  query: '?no-inline',
});

/** @returns the address of an example's thumbnail; undefined before it is made */
export function thumbnailOf(name: string): string | undefined {
  return addresses[`./thumbnails/${name}.webp`];
}
