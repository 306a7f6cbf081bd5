import { Injectable } from '@nestjs/common';
import { schemaFault } from './metadata-schema.js';
import type { Project, WebhookSecret } from './project.entity.js';
import { ProjectsRepository } from './projects.repository.js';
import { newWebhookSecret, rotated, validSecrets } from './webhook-secrets.js';

/** The request cannot be followed; the message says why, for the person at the command line. */
export class ProjectError extends Error {
  override readonly name = 'ProjectError';
}

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const DAY_MS = 86_400_000;

/** Projects and what is configured for each of them. */
@Injectable()
export class ProjectsService {
  constructor(private readonly repository: ProjectsRepository) {}

  find(id: number): Promise<Project | null> {
    return this.repository.findById(id);
  }

  /** The id of the project of this name, or null. */
  async findId(name: string): Promise<number | null> {
    if (!NAME.test(name)) return null;
    return (await this.repository.findByName(name))?.id ?? null;
  }

  list(): Promise<Project[]> {
    return this.repository.list();
  }

  /** @throws ProjectError where there is none of this name */
  async findByName(name: string): Promise<Project> {
    const project = await this.repository.findByName(name);
    if (project === null) throw new ProjectError(`There is no project "${name}"`);
    return project;
  }

  /** The project of this name, made where it is new. @throws ProjectError where it cannot be a name */
  async ensure(name: string): Promise<Project> {
    if (!NAME.test(name)) {
      throw new ProjectError(
        'A project name is 1 to 64 lower-case letters, digits and hyphens, not a hyphen first',
      );
    }
    const known = await this.repository.findByName(name);
    if (known !== null) return known;
    await this.repository.insert(name, [newWebhookSecret()]);
    return this.findByName(name);
  }

  /**
   * @param schema JSON Schema 2020-12; null allows any object
   * @throws ProjectError where it is no schema
   */
  async setMetadataSchema(name: string, schema: object | null): Promise<void> {
    const project = await this.findByName(name);
    const fault = schema === null ? undefined : schemaFault(schema);
    if (fault !== undefined) throw new ProjectError(`This is not a JSON Schema 2020-12: ${fault}`);
    await this.repository.setMetadataSchema(project.id, schema);
  }

  /** The secrets that sign now, newest first. */
  async webhookSecrets(projectId: number): Promise<WebhookSecret[]> {
    const project = await this.repository.findById(projectId);
    return project === null ? [] : validSecrets(project.webhookSecrets);
  }

  /**
   * A new secret; both sign as long as receivers may still know the one before.
   *
   * @param overlapMs milliseconds for which the one before stays valid
   */
  async rotateWebhookSecret(name: string, overlapMs: number = DAY_MS): Promise<WebhookSecret[]> {
    const { id } = await this.findByName(name);
    return this.repository.changeWebhookSecrets(id, (secrets) => rotated(secrets, overlapMs));
  }
}
