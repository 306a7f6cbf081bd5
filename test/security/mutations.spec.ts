import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DOWNLOAD_MUTATIONS } from './mutations.downloads.js';
import { MUTATIONS } from './mutations.js';

it.each([...MUTATIONS, ...DOWNLOAD_MUTATIONS])(
  'the check "$name" occurs once and can be removed',
  ({ file, find, replace }) => {
    const text = readFileSync(file, 'utf8');
    expect(text.split(find)).toHaveLength(2);
    expect(text.replace(find, () => replace)).not.toBe(text);
  },
);
