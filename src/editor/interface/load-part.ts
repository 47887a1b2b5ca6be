/** Parts of the app that are fetched when they are first needed. A new release, a lost network or an ad blocker may have taken them away. */

/** A sentence for the user, with what to do. */
export class PartMissingError extends Error {
  override readonly name = 'PartMissingError';
}

/** @param load a dynamic import. @throws PartMissingError */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    throw new PartMissingError(await reasonOfMissing(), { cause: error });
  }
}

/** The page on the host names other files than the page on the screen as soon as a new version is there. */
async function reasonOfMissing(): Promise<string> {
  const entry = document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? '';
  try {
    const response = await fetch(new URL('./', document.baseURI), { cache: 'no-store' });
    const page = await response.text();
    if (response.ok && !page.includes(entry)) return 'A new version is here: reload the page, your graph is kept.';
    return 'A file of the app could not be fetched; an extension of the browser may have stopped it. Try again, or reload the page: your graph is kept.';
  } catch {
    return 'A file of the app could not be fetched: there is no network. Try again when it is back; your graph is kept.';
  }
}
