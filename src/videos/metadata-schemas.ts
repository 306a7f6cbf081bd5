import { Injectable } from '@nestjs/common';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { LRUCache } from 'lru-cache';
import { Outages } from '../imports/run/outages.js';
import { ProjectsService } from '../projects/projects.service.js';

interface Schema {
  /** The text that was compiled. */
  text: string;
  validate: ValidateFunction;
}

/** How long a changed schema may go unnoticed, in milliseconds. */
const FRESH_MS = 2_000;
/** Projects whose schemas are kept. */
const MOST_PROJECTS = 1_000;

/** The metadata schemas of projects (JSON Schema 2020-12), compiled. */
@Injectable()
export class MetadataSchemas {
  /** A stale schema is read again, and compiled again where it has changed. */
  private readonly schemas = new LRUCache<number, { schema: Schema | null }>({
    max: MOST_PROJECTS,
    ttl: FRESH_MS,
    fetchMethod: async (projectId, stale) => ({ schema: await this.read(projectId, stale?.schema ?? null) }),
  });

  constructor(
    private readonly projects: ProjectsService,
    private readonly outages: Outages,
  ) {}

  /** @returns null where the project allows any object */
  async of(projectId: number): Promise<ValidateFunction | null> {
    const { schema } = await this.schemas.forceFetch(projectId);
    return schema?.validate ?? null;
  }

  private async read(projectId: number, before: Schema | null): Promise<Schema | null> {
    const project = await this.outages.outlast('Reading a metadata schema', () =>
      this.projects.find(projectId),
    );
    if (project === null || project.metadataSchema === null) return null;
    const text = JSON.stringify(project.metadataSchema);
    if (before?.text === text) return before;
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    return { text, validate: ajv.compile(project.metadataSchema) };
  }
}
