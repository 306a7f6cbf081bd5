import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage, type Storage } from '#libs/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Environment } from '../../config/environment.js';
import { parseEnvironment } from '../../config/parse-environment.js';
import { defineExtension } from '../../extension/define-extension.js';
import { defineSettings } from '../../extension/define-settings.js';
import { defineStorage } from '../../extension/define-storage.js';
import { Extensions } from '../../extension/extensions.js';
import { text } from '../../extension/shape.js';
import { mediaStorageProvider } from './media-storage.js';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reelport-vault-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const settings = defineSettings({ VAULT_ROOT: text({ description: 'Folder', example: '/vault' }) });

/** The storage of two applications of a process, made by an extension that is chosen by STORAGE. */
async function provided(create: (values: { VAULT_ROOT: string }) => Storage): Promise<[Storage, Storage]> {
  const storage = defineStorage({ name: 'vault', settings, create });
  const extensions = new Extensions([defineExtension({ name: 'house', storages: [storage] })]);
  const source = { STORAGE: 'vault', MEDIA_BASE_URL: 'https://cdn.example.com', VAULT_ROOT: root };
  const environment: Environment = parseEnvironment(source, extensions.additions);
  const make = (): Promise<Storage> =>
    Promise.resolve(mediaStorageProvider.useFactory(environment, extensions));
  return [await make(), await make()];
}

it('creates the chosen storage once, with its settings', async () => {
  const roots: string[] = [];
  const [one, two] = await provided((values) => {
    roots.push(values.VAULT_ROOT);
    return createStorage({ type: 'local', root: values.VAULT_ROOT });
  });
  expect(one).toBe(two);
  expect(roots).toEqual([root]);
  expect(await one.stat('2019/11/21/a209790e-8a3c-4d83-8c0c-0f0e3e0e1a52.mp4')).toBeNull();
});

it('names the extension whose storage cannot be created', async () => {
  const failing = provided(() => {
    throw new Error('No such vault');
  });
  await expect(failing).rejects.toThrow(
    'Invalid extensions:\n  house: storage "vault" cannot be created: No such vault',
  );
});

it('names the extension whose storage lacks methods', async () => {
  // From JavaScript, types do not help.
  const half: Storage = JSON.parse('{}');
  await expect(
    provided(() => Object.assign(half, { put: isFine, stat: isFine, read: isFine })),
  ).rejects.toThrow('Invalid extensions:\n  house: storage "vault" has no delete, list');
});

function isFine(): Promise<void> {
  return Promise.resolve();
}
