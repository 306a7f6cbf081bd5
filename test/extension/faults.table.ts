import { Controller, Get, Module } from '@nestjs/common';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { defineExtension, type Extension } from '../../src/extension/define-extension.js';
import { defineKind } from '../../src/extension/define-kind.js';
import { defineListener } from '../../src/extension/define-listener.js';
import { defineMediaKind } from '../../src/extension/define-media-kind.js';
import { defineMediaService } from '../../src/extension/define-media-service.js';
import { defineScopes } from '../../src/extension/define-scopes.js';
import { defineSettings } from '../../src/extension/define-settings.js';
import { defineStep } from '../../src/extension/define-step.js';
import { defineStorage } from '../../src/extension/define-storage.js';
import { integer, text } from '../../src/extension/shape.js';

/** Something that is easy to forget or to get wrong. */
interface Forgotten {
  what: string;
  extensions: () => Extension[];
  message: string;
}

const field = integer({ description: 'Length', example: 1 });
const code = { sentence: 'The file is broken', retryable: false };
const kind = {
  name: 'audios',
  noun: 'audio',
  maxBytes: 1_024,
  types: { 'audio/mpeg': 'mp3' },
  facts: { seconds: field },
  codes: { NOT_AUDIO: code },
  identify: () => Promise.resolve({ mimeType: 'audio/mpeg' as const, facts: { seconds: 1 } }),
};
const step = {
  name: 'scan',
  kinds: 'all' as const,
  before: 'store' as const,
  timeoutMs: 1_000,
  codes: {},
  run: () => Promise.resolve(),
};

class ImportItemDto {}

class AudioFileDto {}

class AlbumDto {
  @ApiProperty({ type: () => [AudioFileDto] })
  files: AudioFileDto[];
}

/** A module with a route that answers with a class. */
function moduleWith(type: new () => object): new () => object {
  @Controller('albums')
  class AlbumsController {
    @Get()
    @ApiOkResponse({ type })
    list(): object[] {
      return [];
    }
  }
  @Module({ controllers: [AlbumsController] })
  class AlbumsModule {}
  return AlbumsModule;
}

/** What plain JavaScript passes, or TypeScript after a cast. */
function untyped<T extends object>(value: T, changes: object): T {
  return Object.assign({ ...value }, changes);
}

function withKind(changes: object): Extension[] {
  return [defineExtension({ name: 'sound', kinds: [defineMediaKind(untyped(kind, changes))] })];
}

function withPlainKind(changes: object): Extension[] {
  const cues = defineKind({
    name: 'cues',
    noun: 'cue',
    item: { source: text({ description: 'URL', example: 'https://cues.example.com/1' }) },
    result: {},
    report: [],
    codes: {},
    processMs: 1_000,
    host: () => null,
    process: () => Promise.resolve({}),
    record: () => Promise.resolve([]),
  });
  return [defineExtension({ name: 'sound', kinds: [untyped(cues, changes)] })];
}

function withStep(changes: object): Extension[] {
  return [defineExtension({ name: 'sound', steps: [defineStep(untyped(step, changes))] })];
}

function withListener(changes: object): Extension[] {
  const listener = defineListener(
    untyped(
      { name: 'diary', on: ['import.finished'] as const, timeoutMs: 1_000, handle: () => Promise.resolve() },
      changes,
    ),
  );
  return [defineExtension({ name: 'sound', listeners: [listener] })];
}

function named(name: string, changes: object = {}): Extension {
  return untyped(defineExtension({ name }), changes);
}

class Late1795800000002 {
  up = () => Promise.resolve();
  down = () => Promise.resolve();
}
class Early1795800000001 extends Late1795800000002 {}
class Nameless extends Late1795800000002 {}

/** Everything that the start reports; docs/extending.md lists it. */
export const FORGOTTEN: readonly Forgotten[] = [
  {
    what: 'A module that imports the list in a circle',
    extensions: () => JSON.parse('[null]'),
    message: 'extensions[0] is null; do two modules import each other?',
  },
  {
    what: 'An extension that is listed twice',
    extensions: () => [named('sound'), named('sound')],
    message: 'sound: the extension "sound" is taken already',
  },
  {
    what: 'A name with other characters',
    extensions: () => [named('My-Sound')],
    message: 'My-Sound: the name must consist of lower-case letters, digits and _',
  },
  {
    what: "A name with which Reelport's tables begin",
    extensions: () => [named('import')],
    message: "import: Reelport's table import_items begins with the name; choose another one",
  },
  {
    what: 'A name that begins with that of another extension',
    extensions: () => [named('sound'), named('sound_more')],
    message: 'sound_more: the name begins with that of the extension sound',
  },
  {
    what: 'A misspelled part',
    extensions: () => [named('sound', { kind: [] })],
    message: 'sound: there is no part "kind"; did you mean kinds?',
  },
  {
    what: 'Another release of Reelport',
    extensions: () => [named('sound', { reelport: '^99' })],
    message: 'sound: works with Reelport ^99; this is 1.2.3',
  },
  {
    what: 'A range that is none',
    extensions: () => [named('sound', { reelport: 'new' })],
    message: 'sound: `reelport` must be a range of releases, such as ^1.2.0',
  },
  {
    what: 'A kind without `identify`',
    extensions: () => withKind({ identify: undefined }),
    message: 'sound: kind "audios": identify() is missing',
  },
  {
    what: 'A kind that is taken',
    extensions: () => withKind({ name: 'videos' }),
    message: 'sound: the kind "videos" is taken already',
  },
  {
    what: 'A noun that is taken',
    extensions: () => withKind({ noun: 'video' }),
    message: 'sound: the noun "video" is taken already',
  },
  {
    what: 'A kind with other characters',
    extensions: () => withKind({ name: 'Audio files' }),
    message: 'sound: kind "Audio files": the name must consist of lower-case letters and digits',
  },
  {
    what: 'A kind with the name of a path',
    extensions: () => withKind({ name: 'media' }),
    message: 'sound: kind "media": the name "media" is reserved',
  },
  {
    what: 'A noun that means something else in an item',
    extensions: () => withKind({ noun: 'title' }),
    message: 'sound: kind "audios": the noun "title" is reserved',
  },
  {
    what: 'A kind without types',
    extensions: () => withKind({ types: {} }),
    message: 'sound: kind "audios": types must name at least one MIME type',
  },
  {
    what: 'A type that is no MIME type',
    extensions: () => withKind({ types: { mp3: 'mp3' } }),
    message: 'sound: kind "audios": "mp3" is no MIME type, such as image/jpeg',
  },
  {
    what: 'A file extension with a dot',
    extensions: () => withKind({ types: { 'audio/mpeg': '.mp3' } }),
    message:
      'sound: kind "audios": the file extension of audio/mpeg must consist of lower-case letters and digits, such as jpg',
  },
  {
    what: 'A type that browsers execute',
    extensions: () => withKind({ types: { 'image/svg+xml': 'svg' } }),
    message: 'sound: kind "audios": image/svg+xml (svg) cannot be stored: browsers execute it',
  },
  {
    what: 'A file extension of another type',
    extensions: () => withKind({ types: { 'audio/webm': 'webm' } }),
    message: 'sound: kind "audios": the file extension webm of audio/webm stands for video/webm already',
  },
  {
    what: 'A limit that is no positive integer',
    extensions: () => withKind({ maxBytes: 0.5 }),
    message: 'sound: kind "audios": maxBytes must be a positive integer, or a function that returns one',
  },
  {
    what: 'A time limit that is switched off',
    extensions: () => withKind({ identifyMs: Infinity }),
    message: 'sound: kind "audios": identifyMs must be a whole number of milliseconds from 1 to 2147483647',
  },
  {
    what: 'A kind that is isolated in an unknown way',
    extensions: () => withKind({ isolate: 'thread' }),
    message: 'sound: kind "audios": isolate must be process or inline',
  },
  {
    what: 'A memory limit that is no positive integer',
    extensions: () => withKind({ isolate: 'process', identifyMb: 0.5 }),
    message: 'sound: kind "audios": identifyMb must be a positive integer',
  },
  {
    what: 'A kind whose schemas have the names of others',
    extensions: () => withKind({ noun: 'item' }),
    message:
      'sound: kind "audios": the OpenAPI schema "ImportItemDto" is taken already; choose another name or noun',
  },
  {
    what: 'Two kinds whose schemas have the same names',
    extensions: () => [
      ...withKind({ name: 'tracks', noun: 'track' }),
      defineExtension({
        name: 'music',
        kinds: [defineMediaKind({ ...kind, name: 'track', noun: 'tape', codes: {} })],
      }),
    ],
    message:
      'music: kind "track": the OpenAPI schema "ImportTrackDto" is taken already; choose another name or noun',
  },
  {
    what: 'A class of a route with the name of a schema of Reelport',
    extensions: () => [defineExtension({ name: 'sound', api: [moduleWith(ImportItemDto)] })],
    message:
      'sound: class ImportItemDto: the OpenAPI schema "ImportItemDto" is taken already; rename the class',
  },
  {
    what: 'A class of a property with the name of a schema of another extension',
    extensions: () => [...withKind({}), defineExtension({ name: 'music', api: [moduleWith(AlbumDto)] })],
    message:
      'music: class AudioFileDto: the OpenAPI schema "AudioFileDto" is taken already; rename the class',
  },
  {
    what: 'A fact with a reserved name',
    extensions: () => withKind({ facts: { url: field } }),
    message: 'sound: kind "audios": the fact "url" is reserved',
  },
  {
    what: 'A fact without a type',
    extensions: () => withKind({ facts: { seconds: 'integer' } }),
    message: 'sound: kind "audios": the fact "seconds" must be made with integer(), text() …',
  },
  {
    what: 'A code in lower case',
    extensions: () => withKind({ codes: { notAudio: code } }),
    message: 'sound: kind "audios": the code notAudio must be in UPPER_CASE',
  },
  {
    what: 'A code that every kind has',
    extensions: () => withKind({ codes: { TRUNCATED: code } }),
    message: 'sound: kind "audios": the code TRUNCATED is one that every kind has',
  },
  {
    what: 'A sentence with a full stop',
    extensions: () => withKind({ codes: { BAD: { ...code, sentence: 'Bad.' } } }),
    message: 'sound: kind "audios": the sentence of BAD must not end with a full stop',
  },
  {
    what: 'A code that does not say whether a retry helps',
    extensions: () => withKind({ codes: { BAD: { sentence: 'Bad' } } }),
    message: 'sound: kind "audios": the code BAD must say whether it is retryable',
  },
  {
    what: 'A field of an item that every item has',
    extensions: () => withPlainKind({ item: { title: field } }),
    message: 'sound: kind "cues": the item field "title" is reserved',
  },
  {
    what: 'A kind that is no definition',
    extensions: () => [named('sound', { kinds: [{ name: 'audios', noun: 'audio', codes: {} }] })],
    message: 'sound: kind "audios": make it with defineMediaKind or defineKind',
  },
  {
    what: 'A step for an unknown kind',
    extensions: () => withStep({ kinds: ['video'] }),
    message: 'sound: step "scan": there is no kind of media "video"; did you mean videos?',
  },
  {
    what: 'A step without a time limit',
    extensions: () => withStep({ timeoutMs: undefined }),
    message: 'sound: step "scan": timeoutMs is missing',
  },
  {
    what: 'A step at an unknown point',
    extensions: () => withStep({ before: 'download' }),
    message: 'sound: step "scan": before must be identify or store',
  },
  {
    what: 'A step with the code of another part',
    extensions: () => [
      ...withKind({}),
      defineExtension({ name: 'check', steps: [defineStep(untyped(step, { codes: { NOT_AUDIO: code } }))] }),
    ],
    message: 'check: step "scan": the code NOT_AUDIO is taken already',
  },
  {
    what: 'A listener that is taken',
    extensions: () => [...withListener({}), untyped(withListener({})[0], { name: 'diaries' })],
    message: 'diaries: the listener "diary" is taken already',
  },
  {
    what: 'A listener with a time limit that no timer has',
    extensions: () => withListener({ timeoutMs: 2 ** 31 }),
    message: 'sound: listener "diary": timeoutMs must be a whole number of milliseconds from 1 to 2147483647',
  },
  {
    what: 'A listener of an unknown event',
    extensions: () => withListener({ on: ['import.finish'] }),
    message: 'sound: listener "diary": there is no event "import.finish"; did you mean import.finished?',
  },
  {
    what: 'A listener without events',
    extensions: () => withListener({ on: [] }),
    message: 'sound: listener "diary": on must list at least one event',
  },
  {
    what: 'A listener without `handle`',
    extensions: () => withListener({ handle: undefined }),
    message: 'sound: listener "diary": handle() is missing',
  },
  {
    what: 'A storage with the name of one of ours',
    extensions: () => [
      defineExtension({
        name: 'sound',
        storages: [
          defineStorage({
            name: 's3',
            create: () => {
              throw new Error('Unused');
            },
          }),
        ],
      }),
    ],
    message: 'sound: the storage "s3" is taken already',
  },
  {
    what: 'A media service without `url`',
    extensions: () => [
      named('sound', {
        mediaServices: [{ ...defineMediaService({ name: 'cloud', url: ({ key }) => key }), url: undefined }],
      }),
    ],
    message: 'sound: media service "cloud": url() is missing',
  },
  {
    what: "A scope of Reelport's",
    extensions: () => [
      defineExtension({ name: 'sound', scopes: defineScopes({ 'public-api:all': 'Do anything' }) }),
    ],
    message: 'sound: scope "public-api:all": scopes of Reelport begin with public-api:',
  },
  {
    what: 'A scope without a colon',
    extensions: () => [defineExtension({ name: 'sound', scopes: defineScopes({ reports: 'Read' }) })],
    message: 'sound: scope "reports": the name must have the form reports:read',
  },
  {
    what: 'A setting without a prefix',
    extensions: () => [
      defineExtension({
        name: 'sound',
        settings: defineSettings({ SECRET: text({ description: 'Key', example: 'k' }) }),
      }),
    ],
    message: 'sound: setting "SECRET": the name must be in upper case with a prefix, such as HOUSE_KEY',
  },
  {
    what: "A setting of Reelport's",
    extensions: () => [
      defineExtension({
        name: 'sound',
        settings: defineSettings({ DATABASE_URL: text({ description: 'URL', example: 'k' }) }),
      }),
    ],
    message: 'sound: the setting "DATABASE_URL" is taken already',
  },
  {
    what: "A setting that begins like one of Reelport's",
    extensions: () => [
      defineExtension({
        name: 'sound',
        settings: defineSettings({ DATABASE_KEY: text({ description: 'Key', example: 'k' }) }),
      }),
    ],
    message: 'sound: setting "DATABASE_KEY": names that begin with DATABASE_ are reserved',
  },
  {
    what: 'A migration without a timestamp',
    extensions: () => [defineExtension({ name: 'sound', migrations: [Nameless] })],
    message: 'sound: migration Nameless: the name must end with a timestamp of 13 digits',
  },
  {
    what: 'Migrations in another order',
    extensions: () => [
      defineExtension({ name: 'sound', migrations: [Late1795800000002, Early1795800000001] }),
    ],
    message: 'sound: migration Early1795800000001 must be listed before Late1795800000002: oldest first',
  },
  {
    what: 'A module that is undefined',
    extensions: () => [named('sound', { api: [undefined] })],
    message: 'sound: api[0] is undefined; list the class of a Nest module',
  },
];
