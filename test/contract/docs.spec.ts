import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(path, 'utf8');

it.each(['docs/reliability.md', 'docs/security.md'])('%s cites existing tests', (document) => {
  const named = [...read(document).matchAll(/`([\w./-]+\.spec\.ts)`\s+“([^”]+)”/g)];
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter(
    ([, file = '', title = '']) => !existsSync(file) || !read(file).includes(title),
  );
  expect(missing.map(([all]) => all)).toEqual([]);
});

it('docs/reliability.md cites every file of the chaos suite', async () => {
  const document = read('docs/reliability.md');
  const files = (await readdir('test/chaos')).filter((name) => name.endsWith('.spec.ts'));
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((name) => !document.includes(`test/chaos/${name}`))).toEqual([]);
});
