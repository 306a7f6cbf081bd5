import { Injectable } from '@nestjs/common';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { ProjectsService } from '../projects/projects.service.js';

interface Compiled {
  /** The text that was compiled. */
  schema: string;
  validate: ValidateFunction;
}

/** How long a changed schema may go unnoticed, in milliseconds. */
const FRESH_MS = 2_000;

/** The metadata schemas of projects (JSON Schema 2020-12), compiled. */
@Injectable()
export class MetadataSchemas {
  private readonly compiled = new Map<number, Compiled>();
  private readonly known = new Map<number, { until: number; validate: Promise<ValidateFunction | null> }>();

  constructor(private readonly projects: ProjectsService) {}

  /** @returns null where the project allows any object */
  of(projectId: number): Promise<ValidateFunction | null> {
    const known = this.known.get(projectId);
    if (known !== undefined && known.until > Date.now()) return known.validate;
    const validate = this.read(projectId);
    this.known.set(projectId, { until: Date.now() + FRESH_MS, validate });
    // What failed is asked for again by the next item.
    validate.catch(() => this.known.delete(projectId));
    return validate;
  }

  private async read(projectId: number): Promise<ValidateFunction | null> {
    const project = await this.projects.find(projectId);
    if (project === null || project.metadataSchema === null) return null;
    const schema = JSON.stringify(project.metadataSchema);
    const before = this.compiled.get(projectId);
    if (before?.schema === schema) return before.validate;
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    const validate = ajv.compile(project.metadataSchema);
    this.compiled.set(projectId, { schema, validate });
    return validate;
  }
}
