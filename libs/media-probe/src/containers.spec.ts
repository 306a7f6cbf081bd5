import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONTAINERS } from './containers.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const { videos }: { videos: Record<string, { container: string }> } = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/expected.json', import.meta.url), 'utf8'),
);

it.each(Object.entries(CONTAINERS))('%s is in the README and has a fixture', (name, { mimeType }) => {
  expect(readme).toContain(`\`${mimeType}\``);
  expect(Object.values(videos).map(({ container }) => container)).toContain(name);
});
