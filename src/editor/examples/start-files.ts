/** Addresses of the start picture, made by `npm run thumbnails`: its pixels with their recipe, and the rest of what was painted. */
export const startFiles = {
  picture: new URL('./start/picture.png', import.meta.url).href,
  data: new URL('./start/picture.json', import.meta.url).href,
} as const;
