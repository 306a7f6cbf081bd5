import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { defineMediaService } from '../extension/define-media-service.js';
import { defineSettings, secret } from '../extension/define-settings.js';
import { defineStorage } from '../extension/define-storage.js';
import { choice, flag, integer, optional, text } from '../extension/shape.js';
import type { Additions } from './additions.js';
import { EnvironmentError, parseEnvironment } from './parse-environment.js';

const house = () =>
  defineSettings({
    HOUSE_SECRET: secret({ description: 'Key of the house' }),
    HOUSE_ROOMS: integer({ description: 'Number of rooms', example: 4 }),
    HOUSE_OPEN: flag({ description: 'Whether it is open', example: true }),
    HOUSE_STYLE: optional(choice(['old', 'new'], { description: 'Style', example: 'old' })),
  });
const vault = () => {
  const settings = defineSettings({ VAULT_URL: text({ description: 'URL', example: 'https://vault' }) });
  const storage = defineStorage({
    name: 'vault',
    settings,
    create: () => {
      throw new Error('No vault');
    },
  });
  return { settings, storage };
};

function additions(given: Partial<Additions>): Additions {
  return { settings: [], storages: [], mediaServices: [], ...given };
}

function faultOf(source: Record<string, string>, given: Partial<Additions>): string {
  try {
    parseEnvironment(source, additions(given));
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
  return 'none';
}

describe('settings of extensions', () => {
  it('are read and validated with those of Reelport', () => {
    const settings = house();
    expect(() => settings.values).toThrow(/^Settings are read at start; do not use HOUSE_SECRET/);
    const source = {
      PORT: '8080',
      HOUSE_SECRET: ' s ',
      HOUSE_ROOMS: ' 5 ',
      HOUSE_OPEN: 'false',
      HOUSE_STYLE: '',
    };
    expect(parseEnvironment(source, additions({ settings: [settings] }))).toMatchObject({ PORT: 8_080 });
    expect(settings.values).toEqual({ HOUSE_SECRET: ' s ', HOUSE_ROOMS: 5, HOUSE_OPEN: false });
  });

  it('are reported together with those of Reelport, without values', () => {
    const source = { PORT: 'x', HOUSE_ROOMS: 'hunter2', HOUSE_STYLE: 'hunter2' };
    expect(faultOf(source, { settings: [house()] })).toBe(
      [
        'Invalid environment:',
        '  PORT must be an integer between 0 and 65535',
        '  HOUSE_SECRET is required: a text',
        '  HOUSE_ROOMS must be an integer, such as 4',
        '  HOUSE_OPEN is required: true or false, such as true',
        '  HOUSE_STYLE must be one of old, new, such as old',
      ].join('\n'),
    );
  });

  it('stay unread if anything is wrong', () => {
    const settings = house();
    const source = { PORT: 'x', HOUSE_SECRET: 's', HOUSE_ROOMS: '5', HOUSE_OPEN: '1' };
    expect(faultOf(source, { settings: [settings] })).toContain('PORT');
    expect(() => settings.values).toThrow('Settings are read at start');
  });
});

describe('STORAGE', () => {
  it('names a storage of an extension, whose settings are then read', () => {
    const { settings, storage } = vault();
    const source = { STORAGE: 'vault', MEDIA_BASE_URL: 'https://cdn.example.com', VAULT_URL: 'https://v' };
    expect(parseEnvironment(source, additions({ storages: [storage] })).STORAGE).toBe('vault');
    expect(settings.values).toEqual({ VAULT_URL: 'https://v' });
  });

  it('needs MEDIA_BASE_URL and the settings of the storage', () => {
    expect(faultOf({ STORAGE: 'vault' }, { storages: [vault().storage] })).toBe(
      'Invalid environment:\n' +
        '  MEDIA_BASE_URL is required when STORAGE is vault: this service serves only local files\n' +
        '  VAULT_URL is required: a string, such as https://vault',
    );
  });

  it('does not need the settings of another storage', () => {
    expect(faultOf({}, { storages: [vault().storage] })).toBe('none');
  });

  it('suggests the right name for a wrong one', () => {
    expect(faultOf({ STORAGE: 'valt' }, { storages: [vault().storage] })).toBe(
      'Invalid environment:\n  STORAGE must be one of local, s3, vault; did you mean vault?',
    );
    expect(faultOf({ STORAGE: 'tape' }, {})).toBe('Invalid environment:\n  STORAGE must be one of local, s3');
  });
});

describe('MEDIA_SERVICE', () => {
  const cloud = defineMediaService({ name: 'cloud-a', url: ({ key }) => key });

  it.each(['MEDIA_SERVICE', 'VIDEO_SERVICE'])(
    'names a service of an extension or any other, as %s',
    (name) => {
      const parse = (service: string): string =>
        parseEnvironment({ [name]: service }, additions({ mediaServices: [cloud] })).MEDIA_SERVICE;
      expect(parse('cloud-a')).toBe('cloud-a');
      expect(parse('imgix')).toBe('imgix');
      expect(faultOf({ [name]: 'clod-a' }, { mediaServices: [cloud] })).toBe(
        'Invalid environment:\n  MEDIA_SERVICE must be the name of a service; did you mean cloud-a?',
      );
    },
  );
});

it('reads the former names of media variables', () => {
  expect(
    parseEnvironment({ VIDEO_BASE_URL: 'https://cdn.example.com', VIDEO_URL_QUERY: '', VIDEO_SERVICE: 'x' }),
  ).toMatchObject({ MEDIA_BASE_URL: 'https://cdn.example.com', MEDIA_URL_QUERY: '', MEDIA_SERVICE: 'x' });
});
