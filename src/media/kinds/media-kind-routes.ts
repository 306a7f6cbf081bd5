import { ApiProperty } from '@nestjs/swagger';
import { hostKey } from '#libs/outbound-http';
import type { MediaKindPart } from '../../extension/define-media-kind.js';
import type { Codes } from '../../extension/codes.js';
import { schemaNames, type SchemaNames } from '../../extension/schema-names.js';
import type { Shape } from '../../extension/shape.js';
import type { DtoClass } from '../../http/array-of.decorator.js';
import { exactTextOf } from '../../http/free-form-text.js';
import { ByteSize } from '../../http/validators/byte-size.js';
import { HttpUri } from '../../http/validators/http-uri.js';
import { JsonObject } from '../../http/validators/json-object.js';
import { Sha256 } from '../../http/validators/sha256.js';
import { Text } from '../../http/validators/text.js';
import type { NewItem } from '../../imports/import-kind.js';
import { exampleOf, fieldProperties } from '../../imports/kinds/field-property.js';
import { dtoClass } from '../../imports/kinds/generated-class.js';
import type { KindRoutes } from '../../imports/kinds/kind-routes.js';
import { ISOLATION_FAILURES, MEDIA_FAILURES } from '../media-failures.js';
import type { MediaPayload } from '../media-import.js';

/** An entry of a batch of media. */
export class MediaEntry {
  url: string;
  id: string;
  fileName: string;
  metadata: Record<string, unknown>;
  sha256?: string;
  size?: number;
}

/**
 * The routes of a kind of media.
 *
 * @param stepCodes codes of the steps that extensions add for this kind
 */
export function mediaKindRoutes(kind: MediaKindPart, stepCodes: Codes): KindRoutes<MediaEntry> {
  const { name, noun } = kind;
  const schemas = schemaNames(kind);
  return {
    name,
    noun,
    schemas,
    Entry: entryClass(kind, schemas),
    Result: resultClass(kind, schemas),
    example: exampleOfKind(kind),
    entryFault: ['url', 'Must start with http:// or https://'],
    failure: {
      code: 'HTTP_STATUS',
      reason: `Could not download the ${noun}: the server answered 404`,
      retryable: false,
    },
    titleField: 'The `fileName` from your request',
    work: 'downloaded, checked, stored and registered',
    canPlan: true,
    codes: mediaCodes(kind, stepCodes),
    itemOf,
  };
}

/** Every code that an item of a kind of media can fail with. */
export function mediaCodes(
  { codes, isolate }: Pick<MediaKindPart, 'codes' | 'isolate'>,
  stepCodes: Codes,
): Codes {
  return { ...MEDIA_FAILURES, ...(isolate === 'process' && ISOLATION_FAILURES), ...codes, ...stepCodes };
}

function itemOf({ id, url, fileName, metadata, sha256, size }: MediaEntry): NewItem<MediaPayload> {
  const metadataText = exactTextOf(metadata);
  return {
    externalId: id,
    title: fileName,
    payload: {
      url,
      metadata,
      ...(sha256 !== undefined && { sha256: sha256.toLowerCase() }),
      ...(size !== undefined && { size }),
    },
    exact: metadataText === undefined ? undefined : { metadataText },
    originHost: hostKey(url),
  };
}

function exampleOfKind(kind: MediaKindPart): KindRoutes['example'] {
  const { name, noun, facts } = kind;
  const [mimeType, extension] = firstType(kind);
  const originalUrl = `https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.${extension}`;
  return {
    entry: {
      url: sourceUrl(name, extension),
      id: 'interview-2019-11-21',
      fileName: `my ${noun}`,
      metadata: { title: `my ${noun}`, credit: 'Jane Doe' },
    },
    result: {
      mediaId: 'jjiwhsf23kdk',
      originalUrl,
      url: `${originalUrl}?auto=format`,
      ...exampleOf(inStatus(facts)),
      mimeType,
      [`${noun}Service`]: 'imgix',
    },
  };
}

const sourceUrl = (name: string, extension: string): string =>
  `https://archive.example.com/${name}/2019/interview.${extension}`;

function firstType({ name, types }: MediaKindPart): readonly [mimeType: string, extension: string] {
  const [first] = Object.entries(types);
  if (first === undefined) throw new Error(`Kind "${name}" has no types`);
  return first;
}

function inStatus(facts: Shape): Shape {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact.inStatus));
}

function entryClass(kind: MediaKindPart, { entry }: SchemaNames): new () => MediaEntry {
  const { name, noun } = kind;
  const [, extension] = firstType(kind);
  return dtoClass(entry, MediaEntry, {
    url: HttpUri({
      description: `Download URL of the ${noun}: http or https, without user and password`,
      example: sourceUrl(name, extension),
    }),
    id: Text({
      max: 255,
      description: `Your id of the ${noun}, unique within the batch; systemName and id together identify the ${noun}`,
      example: 'interview-2019-11-21',
    }),
    fileName: Text({ max: 255, description: `Title of the ${noun}`, example: `my ${noun}` }),
    metadata: JsonObject({
      maxBytes: 65_536,
      description:
        `Metadata of the ${noun}, up to 64 KiB; validated against the schema of the project for ${name} if it has one. ` +
        'Numbers keep every digit and may have up to 1000 digits before and 1000 after the decimal point; `GET /media` ' +
        'returns them as sent. Metadata is compared by value: a different order of members ' +
        'is no change, nor is `1.0` for `1`. The schema sees each number as the nearest double',
      example: { title: `my ${noun}`, credit: 'Jane Doe' },
    }),
    sha256: Sha256({
      optional: true,
      description:
        `Expected SHA-256 of the ${noun}. Other bytes fail with \`CHECKSUM_MISMATCH\`, after one more attempt. ` +
        `If the project has stored these bytes already, the ${noun} is registered without a download`,
      example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    }),
    size: ByteSize({
      optional: true,
      description:
        `Expected size of the ${noun} in bytes. Another size fails with \`CHECKSUM_MISMATCH\`, after one more attempt; ` +
        `one above the limit of ${name} fails at once with \`TOO_LARGE\``,
      example: 28672,
    }),
  });
}

function resultClass(kind: MediaKindPart, { result }: SchemaNames): DtoClass {
  const { noun, facts } = kind;
  const [mimeType, extension] = firstType(kind);
  const file = `https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.${extension}`;
  return dtoClass(result, Object, {
    mediaId: ApiProperty({
      type: String,
      description: `Permanent id of the ${noun}`,
      pattern: '^[A-Za-z0-9]{12}$',
      example: 'jjiwhsf23kdk',
    }),
    originalUrl: ApiProperty({
      type: String,
      format: 'uri',
      description: 'The stored file',
      example: file,
    }),
    url: ApiProperty({
      type: String,
      format: 'uri',
      description:
        'For players and pages: `originalUrl` with the configured query, or of the configured service',
      example: `${file}?auto=format`,
    }),
    ...fieldProperties(inStatus(facts)),
    mimeType: ApiProperty({
      type: String,
      description: 'Detected from the bytes, not taken from the source',
      example: mimeType,
    }),
    [`${noun}Service`]: ApiProperty({
      type: String,
      description: 'Service whose query parameters `url` accepts',
      example: 'imgix',
    }),
  });
}
