import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  examplesOf,
  operationsOf,
  propertiesOf,
  referencesOf,
  resolve,
  validator,
  type OpenApi,
} from './openapi.reading.js';

const run = promisify(execFile);

let folder: string;
let file: string;
let document: OpenApi;

/** The document of an installation with a kind of files and a plain kind. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-openapi-'));
  file = join(folder, 'openapi.json');
  const { stdout } = await run(
    process.execPath,
    ['dist/test/contract/openapi.writer.js', '--stdout', '--extended'],
    { env: { PATH: process.env['PATH'] }, maxBuffer: 16 * 1024 * 1024 },
  );
  await writeFile(file, stdout);
  document = JSON.parse(stdout);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('passes the recommended rules of Redocly and Spectral without a warning', async () => {
  const env = { PATH: process.env['PATH'], REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const redocly = await run(
    process.execPath,
    ['node_modules/@redocly/cli/bin/cli.js', 'lint', file, '--config=redocly.yaml', '--format=json'],
    { env },
  );
  expect(JSON.parse(redocly.stdout)).toMatchObject({ problems: [] });
  const spectral = await run(
    process.execPath,
    [
      'node_modules/@stoplight/spectral-cli/dist/index.js',
      'lint',
      file,
      '--ruleset=.spectral.yaml',
      '--format=json',
      '--fail-severity=hint',
    ],
    { env },
  );
  expect(spectral.stdout).not.toMatch(/"code"/);
});

it('has unique operation ids, and only references that resolve', () => {
  const ids = operationsOf(document).map(({ operation }) => operation.operationId);
  expect(ids).toEqual(
    expect.arrayContaining(['importPictures', 'getImportPicturesStatus', 'importCaptions']),
  );
  expect(new Set(ids).size).toBe(ids.length);
  for (const reference of referencesOf(document)) expect(() => resolve(document, reference)).not.toThrow();
});

it('describes every property, and has only valid examples', () => {
  const undescribed = propertiesOf(document).filter(({ property: { description, example, $ref, items } }) =>
    [description, example, $ref, items?.['$ref']].every((said) => said === undefined),
  );
  expect(undescribed.map(({ name }) => name)).toEqual([]);
  const validate = validator(document);
  const examples = examplesOf(document).filter(({ name }) => /pictures|captions/.test(name));
  expect(examples.length).toBeGreaterThan(12);
  const faulty = examples.map(({ name, schema, value }) => ({ name, errors: validate(schema, value) }));
  expect(faulty.filter(({ errors }) => errors.length > 0)).toEqual([]);
});

it('documents the fields of a kind by its shapes', () => {
  const { schemas } = document.components;
  expect(schemas['ImportCaptionDto']).toMatchObject({
    properties: {
      language: { type: 'string', enum: ['de', 'en'], description: 'Language' },
      tone: { type: ['string', 'null'], enum: ['formal', 'casual', null] },
      offset: { type: 'number', example: 1.5 },
      cues: { type: ['integer', 'null'] },
    },
    required: ['id', 'source', 'language', 'cues'],
  });
  expect(Object.keys(schemas['ImportedPictureFactsDto']?.properties ?? {})).toEqual([
    'mediaId',
    'originalUrl',
    'url',
    'width',
    'colors',
    'mimeType',
    'pictureService',
  ]);
});

it.each([
  ['pictures', ['HTTP_STATUS', 'NOT_A_PICTURE', 'INFECTED', 'INTERNAL']],
  ['captions', ['UNKNOWN_CAPTION', 'INTERNAL', 'CANCELLED']],
])('lists the codes of %s', (kind, codes) => {
  const description = document.paths[`/api/v1/import/${kind}/status`]?.['get']?.description ?? '';
  for (const code of codes) expect(description).toContain(`\n| \`${code}\` | `);
  expect(description.includes('NOT_A_VIDEO')).toBe(false);
  expect(description.includes('INFECTED')).toBe(kind === 'pictures');
});

it('mentions videos only where it is about videos', () => {
  const { paths, components } = document;
  const others = [...Object.entries(paths), ...Object.entries(components.schemas)].filter(
    ([name]) => !/\/videos|Video|^FinishedImportDto$/.test(name),
  );
  expect(others.length).toBeGreaterThan(40);
  const mentions = others.flatMap(([name, part]) => {
    // A kind that is a value needs an example.
    const text = JSON.stringify(part).replaceAll(/\\*"(example|default|kind)\\*":\\*"videos\\*"/g, '');
    const found = /.{0,60}video.{0,30}/i.exec(text);
    // The library refers to the schemas of all kinds, and a report names its kind's columns.
    return found === null || found[0].includes('schemas/VideoFileDto') ? [] : [`${name}: ${found[0]}`];
  });
  expect(mentions).toEqual([]);
});
