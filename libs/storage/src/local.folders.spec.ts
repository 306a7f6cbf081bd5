import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { Folders, MAX_KNOWN } from './local.folders.js';

let scratch: Scratch;
let folders: Folders;

beforeEach(async () => {
  scratch = await makeScratch();
  folders = new Folders(false);
});
afterEach(() => scratch.remove());

/** Uses folders of which nothing is known yet. */
async function useOthers(count: number): Promise<void> {
  const targets = Array.from({ length: count }, (_, index) => join(scratch.folder, `other-${index}`, 'file'));
  await Promise.all(targets.map((target) => folders.within(target, () => Promise.resolve())));
}

/** Whether a folder is known, and therefore not looked for. Tells by removing it. */
async function isKnown(folder: string): Promise<boolean> {
  await rm(folder, { recursive: true });
  let existed: boolean | undefined;
  await folders.within(join(folder, 'file'), () => {
    existed ??= existsSync(folder);
    return Promise.resolve();
  });
  return existed === false;
}

describe('known folders', () => {
  it.each([
    { others: MAX_KNOWN - 1, known: true },
    { others: MAX_KNOWN, known: false },
  ])('are bounded: one is known after $others others: $known', async ({ others, known }) => {
    const folder = join(scratch.folder, 'first');
    await folders.within(join(folder, 'file'), () => Promise.resolve());
    await useOthers(others);
    expect(await isKnown(folder)).toBe(known);
  });
});
