import { Injectable } from '@nestjs/common';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { LRUCache } from 'lru-cache';
import { Outages } from '../imports/run/outages.js';
import { schemaCompiler } from '../projects/metadata-schema.js';
import { ProjectsService } from '../projects/projects.service.js';

interface Schema {
  /** The compiled text. */
  text: string;
  validate: ValidateFunction;
}

/** Milliseconds for which a changed schema may go unnoticed. */
const FRESH_MS = 2_000;
/** Number of cached projects. */
const MAX_PROJECTS = 1_000;

/** Compiled metadata schemas of projects (JSON Schema 2020-12). */
@Injectable()
export class MetadataSchemas {
  /** A stale schema is read again, and recompiled if it has changed. */
  private readonly schemas = new LRUCache<number, { schema: Schema | null }>({
    max: MAX_PROJECTS,
    ttl: FRESH_MS,
    fetchMethod: async (projectId, stale) => ({ schema: await this.read(projectId, stale?.schema ?? null) }),
  });

  constructor(
    private readonly projects: ProjectsService,
    private readonly outages: Outages,
  ) {}

  /** @returns null if the project allows any object */
  async of(projectId: number): Promise<ValidateFunction | null> {
    const { schema } = await this.schemas.forceFetch(projectId);
    return schema?.validate ?? null;
  }

  private async read(projectId: number, before: Schema | null): Promise<Schema | null> {
    const project = await this.outages.outlast('Metadata schema lookup', () => this.projects.find(projectId));
    if (project === null || project.metadataSchema === null) return null;
    const text = JSON.stringify(project.metadataSchema);
    if (before?.text === text) return before;
    return { text, validate: schemaCompiler().compile(project.metadataSchema) };
  }
}
