/** A second release of the built app: the same code under other file names, as a change of one line would give it. */
import { cp, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export async function makeRelease(dist: string, to: string): Promise<void> {
  await cp(dist, to, { recursive: true, filter: (path) => !path.startsWith(join(dist, 'models')) });
  await symlink(resolve(dist, 'models'), join(to, 'models'));
  const assets = join(to, 'assets');
  const names = (await readdir(assets)).filter((name) => name.endsWith('.js'));
  const nextName = (name: string) => name.replace(/\.js$/, '-next.js');
  const texts = [join(to, 'index.html'), join(to, 'build-files.json'), ...names.map((name) => join(assets, name))];
  for (const file of texts) {
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      names.reduce((next, name) => next.replaceAll(name, nextName(name)), text),
    );
  }
  for (const name of names) await rename(join(assets, name), join(assets, nextName(name)));
}
