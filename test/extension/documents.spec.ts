import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { blocksOf } from '../support/document-owners.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { until } from '../support/until.js';
import { newPng } from './support/new-png.js';
import { PackageShell } from './support/package-shell.js';

const [create, importOne, ...others] = blocksOf('test/extension/documents.spec.ts', 'docs/extending.md');

let folder: string;
let shell: PackageShell;
let origin: Origin;

beforeAll(async () => {
  // Inside of the workspace, so that the package finds its dependencies.
  folder = await mkdtemp(join(inject('installed'), '.documents-'));
  [shell, origin] = await Promise.all([PackageShell.open(folder), startOrigin()]);
  origin.serve('/1.jpg', newPng(32, 18), { contentType: 'image/png' });
});
afterAll(async () => {
  await shell?.close();
  await origin?.close();
  await rm(folder, { recursive: true, force: true });
});

it('docs/extending.md generates a package that passes its tests and starts', async () => {
  expect(others).toEqual([]);
  const { code, output } = await shell.run(create.text);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/# fail 0|fail 0/) });
  expect(output).toContain('Reelport is ready');
});

it('docs/extending.md starts it with an address to import from, imports, asks for the status and retries', async () => {
  const [, before = '', status = '', retry = ''] =
    /^([^]*\n)(curl .*status.*\n)(curl .*retry.*\n)$/.exec(importOne.text) ?? [];
  const posted = await shell.run(before.replace('http://127.0.0.1:8000/1.jpg', origin.url('/1.jpg')));
  const [, id = ''] = /\{"id":"(\w+)"\}$/.exec(posted.output.trim()) ?? [];
  expect({ id, output: posted.output }).toEqual({ id: expect.stringMatching(/./), output: posted.output });
  const answer = await until('the end of the import', async () => {
    const { output } = await shell.run(status.replace('id=ID', `id=${id}`));
    const body: { finished: boolean } = JSON.parse(output);
    return body.finished && body;
  });
  expect(answer).toMatchObject({ state: 'success', images: [{ image: { width: 32, height: 18 } }] });
  const retried = await shell.run(retry.replace('/ID/', `/${id}/`));
  expect(JSON.parse(retried.output)).toMatchObject({ retried: 0 });
  expect(await shell.stop()).toBe(0);
});
