import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { FORGOTTEN } from '../../test/extension/faults.table.js';
import { defineExtension } from './define-extension.js';
import { defineMediaKind } from './define-media-kind.js';
import { defineSettings, secret } from './define-settings.js';
import { assertExtensions, extensionFaults, type Own } from './faults.js';
import { integer } from './shape.js';

const own: Own = {
  version: '1.2.3',
  kinds: ['videos'],
  nouns: ['video'],
  storages: ['local', 's3'],
  scopes: ['public-api:read'],
  tables: ['import_items', 'imports', 'projects'],
  schemas: ['ImportItemDto'],
  variables: ['PORT', 'DATABASE_URL'],
  codes: ['TRUNCATED', 'INTERNAL'],
  types: new Map([['webm', 'video/webm']]),
};

describe('the start reports', () => {
  it.each(FORGOTTEN)('$what', ({ extensions, message }) => {
    expect(extensionFaults(extensions(), own)).toEqual([message]);
  });

  it('every fault at once', () => {
    const all = FORGOTTEN.flatMap(({ extensions }) => extensions());
    const faults = extensionFaults(all, own);
    const unique = FORGOTTEN.filter(({ message }) => !message.includes('is taken already'));
    expect(
      unique.filter(
        ({ message }) => !faults.some((fault) => fault.endsWith(message.replace(/^extensions\[0]/, ''))),
      ),
    ).toEqual([]);
    expect(() => assertExtensions(all, own)).toThrow(/^Invalid extensions:\n {2}extensions\[0\] is null/);
  });
});

it.each(['audioService', 'mediaId', 'mimeType', 'originalUrl', 'sha256', 'size', 'storageKey', 'url'])(
  'refuses a fact with the name of what every result or file has: %s',
  (name) => {
    const audios = defineMediaKind({
      name: 'audios',
      noun: 'audio',
      maxBytes: 1,
      types: { 'audio/mpeg': 'mp3' },
      facts: { [name]: integer({ description: 'Seconds', example: 1 }) },
      codes: {},
      identify: () => Promise.resolve({ mimeType: 'audio/mpeg' as const, facts: {} }),
    });
    expect(extensionFaults([defineExtension({ name: 'sound', kinds: [audios] })], own)).toEqual([
      `sound: kind "audios": the fact "${name}" is reserved`,
    ]);
  },
);

it('finds nothing wrong with extensions that are complete', () => {
  const settings = defineSettings({ HOUSE_KEY: secret({ description: 'Key' }) });
  const kind = defineMediaKind({
    name: 'images',
    noun: 'image',
    maxBytes: () => 1,
    types: { 'image/jpeg': 'jpg', 'application/pdf': 'pdf' },
    facts: { width: integer({ description: 'Pixels', example: 1 }) },
    codes: { NOT_AN_IMAGE: { sentence: 'No image', retryable: false } },
    identify: () => Promise.resolve({ mimeType: 'image/jpeg' as const, facts: { width: 1 } }),
  });
  const images = defineExtension({ name: 'images', reelport: '^1.2.0', kinds: [kind], settings });
  expect(extensionFaults([images, defineExtension({ name: 'house', settings: undefined })], own)).toEqual([]);
});
