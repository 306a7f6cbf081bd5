import { ApiProperty } from '@nestjs/swagger';
import type { MediaKindPart } from '../../extension/define-media-kind.js';
import { schemaNames } from '../../extension/schema-names.js';
import type { DtoClass } from '../../http/array-of.decorator.js';
import { fieldProperties } from '../../imports/kinds/field-property.js';
import { dtoClass } from '../../imports/kinds/generated-class.js';
import { MediaAssetDto } from './media.dto.js';
import { MediaPage, MediumDto } from './medium.js';

export interface MediaClasses {
  /** The file of a medium: one class for each kind, then that of kinds that are gone. */
  readonly assets: readonly DtoClass[];
  readonly Medium: DtoClass;
  readonly Page: DtoClass;
}

/** Creates the DTOs of the library: files have the facts of their kind. */
export function mediaClasses(kinds: readonly MediaKindPart[]): MediaClasses {
  const assets = [...kinds.map(assetClass), MediaAssetDto];
  const Medium = dtoClass('MediumDto', MediumDto, {
    asset: ApiProperty({
      type: 'object',
      additionalProperties: true,
      anyOf: assets.map(({ name }) => ({ $ref: `#/components/schemas/${name}` })),
      description: 'The file, with the facts of its kind',
    }),
  });
  const Page = dtoClass('MediaPageDto', MediaPage, {
    results: ApiProperty({ type: () => Medium, isArray: true, description: 'Newest first' }),
    cursor: ApiProperty({
      type: String,
      required: false,
      description: 'Pass it as `after` to get the next page; if absent, there are no more results',
      example: 'jjiwhsf23kdk',
    }),
  });
  return { assets, Medium, Page };
}

function assetClass(kind: MediaKindPart): DtoClass {
  const { facts, types } = kind;
  const [[mimeType, extension] = ['application/octet-stream', 'bin']] = Object.entries(types);
  return dtoClass(schemaNames(kind).file, Object, {
    url: ApiProperty({
      type: String,
      format: 'uri',
      description: 'The stored file',
      example: `https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.${extension}`,
    }),
    mimeType: ApiProperty({ type: String, description: 'Detected from the bytes', example: mimeType }),
    ...fieldProperties(facts),
    size: ApiProperty({ type: 'integer', description: 'Bytes', example: 28672 }),
    sha256: ApiProperty({
      type: String,
      pattern: '^[0-9a-f]{64}$',
      example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    }),
  });
}
