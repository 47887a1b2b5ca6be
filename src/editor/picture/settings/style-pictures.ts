/** One scene in each style of the built-in model, by `npm run thumbnails`. Files of their own: none of them weighs on the first screen's script. */
const addresses = import.meta.glob<string>('./style-pictures/*.webp', {
  eager: true,
  import: 'default',
  query: '?no-inline',
});

/** @param style of any package: its name is all that is asked, and "any" is a name @returns an address; undefined where no picture came with the app */
export function pictureOfStyle(style: string): string | undefined {
  return addresses[`./style-pictures/${style}.webp`];
}
