import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Project, type WebhookSecret } from './project.entity.js';

@Injectable()
export class ProjectsRepository {
  constructor(@InjectRepository(Project) private readonly projects: Repository<Project>) {}

  findById(id: number): Promise<Project | null> {
    return this.projects.findOneBy({ id });
  }

  findByName(name: string): Promise<Project | null> {
    return this.projects.findOneBy({ name });
  }

  list(): Promise<Project[]> {
    return this.projects.find({ order: { name: 'ASC' } });
  }

  /** Does nothing if the name is taken. */
  async insert(name: string, webhookSecrets: WebhookSecret[]): Promise<void> {
    await this.projects.createQueryBuilder().insert().values({ name, webhookSecrets }).orIgnore().execute();
  }

  /** Leaves the schemas of other kinds as they are, also if another command changes one at the same time. */
  async setMetadataSchema(id: number, kind: string, schema: object): Promise<void> {
    await this.projects.query(
      `UPDATE projects SET metadata_schemas = metadata_schemas || jsonb_build_object($2::text, $3::jsonb),
         updated_at = now() WHERE id = $1`,
      [id, kind, JSON.stringify(schema)],
    );
  }

  async removeMetadataSchema(id: number, kind: string): Promise<void> {
    await this.projects.query(
      'UPDATE projects SET metadata_schemas = metadata_schemas - $2::text, updated_at = now() WHERE id = $1',
      [id, kind],
    );
  }

  /** Changes the secrets under a lock: of two concurrent rotations, the second sees the result of the first. */
  async changeWebhookSecrets(
    id: number,
    change: (secrets: WebhookSecret[]) => WebhookSecret[],
  ): Promise<WebhookSecret[]> {
    return this.projects.manager.transaction(async (tx) => {
      const project = await tx.findOneOrFail(Project, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const webhookSecrets = change(project.webhookSecrets);
      await tx.update(Project, { id }, { webhookSecrets, updatedAt: () => 'now()' });
      return webhookSecrets;
    });
  }
}
