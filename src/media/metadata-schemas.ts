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
/** Number of cached schemas. */
export const MAX_SCHEMAS = 1_000;

/** A project and a kind. */
interface Owner {
  projectId: number;
  kind: string;
}

/** Compiled metadata schemas of projects, by kind (JSON Schema 2020-12). */
@Injectable()
export class MetadataSchemas {
  /** A stale schema is read again, and recompiled if it has changed. */
  private readonly schemas = new LRUCache<string, { schema: Schema | null }, Owner>({
    max: MAX_SCHEMAS,
    ttl: FRESH_MS,
    fetchMethod: async (_, stale, { context }) => ({
      schema: await this.read(context, stale?.schema ?? null),
    }),
  });

  constructor(
    private readonly projects: ProjectsService,
    private readonly outages: Outages,
  ) {}

  /** @returns null if the project allows any object for this kind */
  async of(projectId: number, kind: string): Promise<ValidateFunction | null> {
    const { schema } = await this.schemas.forceFetch(`${projectId} ${kind}`, {
      context: { projectId, kind },
    });
    return schema?.validate ?? null;
  }

  private async read({ projectId, kind }: Owner, before: Schema | null): Promise<Schema | null> {
    const schema = await this.outages.outlast('Metadata schema lookup', () =>
      this.projects.metadataSchema(projectId, kind),
    );
    if (schema === null) return null;
    const text = JSON.stringify(schema);
    if (before?.text === text) return before;
    return { text, validate: schemaCompiler().compile(schema) };
  }
}
