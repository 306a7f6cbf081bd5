import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const FOLDER = resolve('dist/console');
const MOST_BYTES = 80 * 1_024;

/** Scripts that the first page loads: its own, that of the list of imports, and all that these import at once. */
async function firstScripts(): Promise<Set<string>> {
  const html = await readFile(`${FOLDER}/index.html`, 'utf8');
  const names = await readdir(`${FOLDER}/assets`);
  const [, main = ''] = /src="\.\/assets\/([^"]+\.js)"/.exec(html) ?? [];
  const list = names.find((name) => /^ImportsPage-.*\.js$/.test(name)) ?? '';
  const found = new Set([main, list]);
  for (const name of found) {
    const code = await readFile(`${FOLDER}/assets/${name}`, 'utf8');
    for (const [, imported = ''] of code.matchAll(/(?:from|import)\s?["']\.\/([^"']+\.js)["']/g))
      found.add(imported);
  }
  return found;
}

it('the first page loads at most 80 KiB of compressed script', async () => {
  const scripts = await firstScripts();
  expect(scripts.size).toBeGreaterThanOrEqual(2);
  const sizes = await Promise.all(
    [...scripts].map(async (name) => gzipSync(await readFile(`${FOLDER}/assets/${name}`)).length),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST_BYTES);
});
