import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';

const DOCUMENT = readFileSync('docs/reliability.md', 'utf8');

it('docs/reliability.md names tests that are there', () => {
  const named = [...DOCUMENT.matchAll(/`([\w./-]+\.spec\.ts)`\s+“([^”]+)”/g)];
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter(
    ([, file = '', title = '']) => !existsSync(file) || !readFileSync(file, 'utf8').includes(title),
  );
  expect(missing.map(([all]) => all)).toEqual([]);
});

it('docs/reliability.md names every file of the chaos suite', async () => {
  const files = (await readdir('test/chaos')).filter((name) => name.endsWith('.spec.ts'));
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((name) => !DOCUMENT.includes(`test/chaos/${name}`))).toEqual([]);
});
