import { Injectable } from '@nestjs/common';
import { nearestDouble } from '../../http/json-number.js';
import { replaceNumbers } from '../../http/json-scan.js';
import { failure } from '../media-failures.js';
import { MetadataSchemas } from '../metadata-schemas.js';
import type { MediaItem, MediaPayload } from '../media-import.js';

/** Validates the metadata of an item against the schema that its project has for its kind. */
@Injectable()
export class CheckMetadataStep {
  constructor(private readonly schemas: MetadataSchemas) {}

  /** @throws ItemFailure METADATA_INVALID, with the path of the first fault */
  async run({ projectId, kind, payload }: MediaItem): Promise<void> {
    const validate = await this.schemas.of(projectId, kind);
    if (validate === null || validate(toValidate(payload))) return;
    const [fault] = validate.errors ?? [];
    const path = `metadata${(fault?.instancePath ?? '').replaceAll('/', '.')}`;
    throw failure('METADATA_INVALID', { clause: `${path} ${fault?.message ?? 'is invalid'}` });
  }
}

/** Schemas only know doubles: each number becomes the nearest one, never infinite, and zero only if it is zero. */
function toValidate({ metadata, metadataText }: MediaPayload): unknown {
  if (metadataText === undefined) return metadata;
  return JSON.parse(replaceNumbers(metadataText, (token) => String(nearestDouble(token))));
}
