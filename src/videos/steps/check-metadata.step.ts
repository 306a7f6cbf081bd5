import { Injectable } from '@nestjs/common';
import { failure } from '../failures.js';
import { MetadataSchemas } from '../metadata-schemas.js';
import type { VideoItem } from '../video-import.js';

/** Holds the metadata of an item against the schema of its project. */
@Injectable()
export class CheckMetadataStep {
  constructor(private readonly schemas: MetadataSchemas) {}

  /** @throws ItemFailure METADATA_INVALID, with the path of the first fault */
  async run({ projectId, payload }: VideoItem): Promise<void> {
    const validate = await this.schemas.of(projectId);
    if (validate === null || validate(payload.metadata)) return;
    const [fault] = validate.errors ?? [];
    const path = `metadata${(fault?.instancePath ?? '').replaceAll('/', '.')}`;
    throw failure('METADATA_INVALID', { clause: `${path} ${fault?.message ?? 'is not right'}` });
  }
}
