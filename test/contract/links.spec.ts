import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(path, 'utf8');

describe('Links', () => {
  const guides = readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);

  const examples = readdirSync('examples').map((name) => `examples/${name}/README.md`);

  it.each(['README.md', 'SECURITY.md', 'test/bench/README.md', ...guides, ...examples])(
    'in %s have targets',
    (file) => {
      const text = read(file).replaceAll(/```[^]*?```/g, '');
      const targets = [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
        ([, inline, reference]) => inline ?? reference ?? '',
      );
      const local = targets.filter((target) => !/^https?:/.test(target));
      expect(local.filter((target) => !leadsSomewhere(file, target))).toEqual([]);
    },
  );

  it('by reference are defined and used', () => {
    for (const file of guides) {
      const text = read(file);
      const used = new Set([...text.matchAll(/\]\[([^\]]+)\]/g)].map(([, name]) => name));
      const defined = new Set([...text.matchAll(/^\[([^\]]+)\]: /gm)].map(([, name]) => name));
      expect(used).toEqual(defined);
    }
  });
});

/** Whether a relative link names a file, and its fragment a heading of it. */
function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const file = path === '' ? from : join(dirname(from), path);
  if (!existsSync(file)) return false;
  return heading === undefined || headingsOf(read(file)).includes(heading);
}

/** Headings as GitHub names them in fragments. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(/\s/g, '-'),
  );
}
