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

  async setMetadataSchema(id: number, schema: object | null): Promise<void> {
    await this.projects.query(
      'UPDATE projects SET metadata_schema = $2::jsonb, updated_at = now() WHERE id = $1',
      [id, schema === null ? null : JSON.stringify(schema)],
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
