import { Injectable } from '@nestjs/common';
import { schemaFault } from './metadata-schema.js';
import type { Project, WebhookSecret } from './project.entity.js';
import { ProjectsRepository } from './projects.repository.js';
import { newWebhookSecret, rotated, validSecrets } from './webhook-secrets.js';

/** An operation on a project failed; the message is for the operator at the command line. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError';
}

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const DAY_MS = 86_400_000;

/** @returns null if the project allows any object for this kind */
export function metadataSchemaOf({ metadataSchemas }: Project, kind: string): object | null {
  return Object.hasOwn(metadataSchemas, kind) ? (metadataSchemas[kind] ?? null) : null;
}

/** Projects and their settings. */
@Injectable()
export class ProjectsService {
  constructor(private readonly repository: ProjectsRepository) {}

  find(id: number): Promise<Project | null> {
    return this.repository.findById(id);
  }

  /** Returns the id of a project by name, or null. */
  async findId(name: string): Promise<number | null> {
    if (!NAME.test(name)) return null;
    return (await this.repository.findByName(name))?.id ?? null;
  }

  list(): Promise<Project[]> {
    return this.repository.list();
  }

  /** @throws ProjectError if there is no such project */
  async findByName(name: string): Promise<Project> {
    const project = await this.repository.findByName(name);
    if (project === null) throw new ProjectError(`Unknown project "${name}"`);
    return project;
  }

  /** Returns the project of this name and creates it if it is new. @throws ProjectError if the name is invalid */
  async ensure(name: string): Promise<Project> {
    if (!NAME.test(name)) {
      throw new ProjectError(
        'A project name consists of 1 to 64 lower-case letters, digits and hyphens and must not start with a hyphen',
      );
    }
    const known = await this.repository.findByName(name);
    if (known !== null) return known;
    await this.repository.insert(name, [newWebhookSecret()]);
    return this.findByName(name);
  }

  /** @returns null if the project allows any object for this kind */
  async metadataSchema(projectId: number, kind: string): Promise<object | null> {
    const project = await this.repository.findById(projectId);
    return project === null ? null : metadataSchemaOf(project, kind);
  }

  /**
   * @param schema JSON Schema 2020-12 for the metadata of this kind; null allows any object
   * @throws ProjectError if the schema is invalid
   */
  async setMetadataSchema(name: string, kind: string, schema: object | null): Promise<void> {
    const { id } = await this.findByName(name);
    if (schema === null) return this.repository.removeMetadataSchema(id, kind);
    const fault = schemaFault(schema);
    if (fault !== undefined) throw new ProjectError(`Not a JSON Schema 2020-12: ${fault}`);
    await this.repository.setMetadataSchema(id, kind, schema);
  }

  /** Returns the currently valid secrets, newest first. */
  async webhookSecrets(projectId: number): Promise<WebhookSecret[]> {
    const project = await this.repository.findById(projectId);
    return project === null ? [] : validSecrets(project.webhookSecrets);
  }

  /**
   * Adds a new secret; the previous one stays valid because receivers may still use it.
   *
   * @param overlapMs milliseconds for which the previous secret stays valid
   */
  async rotateWebhookSecret(name: string, overlapMs: number = DAY_MS): Promise<WebhookSecret[]> {
    const { id } = await this.findByName(name);
    return this.repository.changeWebhookSecrets(id, (secrets) => rotated(secrets, overlapMs));
  }
}
