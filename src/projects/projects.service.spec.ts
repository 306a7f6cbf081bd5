import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { Project } from './project.entity.js';
import { ProjectsRepository } from './projects.repository.js';
import { ProjectError, ProjectsService } from './projects.service.js';

let database: TestDatabase;
let projects: ProjectsService;

beforeAll(async () => {
  database = await createDatabase();
  projects = new ProjectsService(new ProjectsRepository(database.dataSource.getRepository(Project)));
});
beforeEach(() => database.dataSource.query('DELETE FROM projects'));
afterAll(() => database.drop());

describe('ensure', () => {
  it('creates a project with a webhook secret, once', async () => {
    const made = await projects.ensure('demo');
    expect(made).toMatchObject({ name: 'demo', metadataSchemas: {} });
    expect(made.webhookSecrets).toHaveLength(1);
    expect(await projects.ensure('demo')).toEqual(made);
    expect(await projects.find(made.id)).toEqual(made);
  });

  it('returns the same project to concurrent callers', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => projects.ensure('demo')));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(new Set(made.map(({ webhookSecrets }) => webhookSecrets[0].secret)).size).toBe(1);
  });

  it.each(['', 'Demo', 'de mo', 'dé', '-demo', 'a'.repeat(65), 'demo\n'])(
    'refuses the name %j',
    async (name) => {
      await expect(projects.ensure(name)).rejects.toThrow(ProjectError);
      expect(await projects.list()).toEqual([]);
    },
  );

  it.each(['a', '0', 'a-b-1', 'a'.repeat(64)])('accepts the name %j', async (name) => {
    expect((await projects.ensure(name)).name).toBe(name);
  });
});

describe('findByName', () => {
  it('names an unknown project', async () => {
    await expect(projects.findByName('nobody')).rejects.toThrow('Unknown project "nobody"');
  });
});

describe('setMetadataSchema', () => {
  it('sets and removes the schema', async () => {
    await projects.ensure('demo');
    const schema = { type: 'object', required: ['title'] };
    await projects.setMetadataSchema('demo', 'videos', schema);
    expect((await projects.findByName('demo')).metadataSchemas).toEqual({ videos: schema });
    await projects.setMetadataSchema('demo', 'videos', null);
    expect((await projects.findByName('demo')).metadataSchemas).toEqual({});
  });

  it('keeps the previous schema if the new one is invalid', async () => {
    await projects.ensure('demo');
    await projects.setMetadataSchema('demo', 'videos', { type: 'object' });
    const invalid = projects.setMetadataSchema('demo', 'videos', { type: 'objekt' });
    await expect(invalid).rejects.toThrow(ProjectError);
    expect((await projects.findByName('demo')).metadataSchemas).toEqual({ videos: { type: 'object' } });
  });

  it('keeps the schemas of other kinds, also of concurrent changes', async () => {
    const { id } = await projects.ensure('demo');
    const kinds = Array.from({ length: 10 }, (_, index) => `kind${index}`);
    await Promise.all(
      kinds.map((title) => projects.setMetadataSchema('demo', title, { type: 'object', title })),
    );
    await projects.setMetadataSchema('demo', 'kind0', null);
    expect(await Promise.all(kinds.map((kind) => projects.metadataSchema(id, kind)))).toEqual(
      kinds.map((title) => (title === 'kind0' ? null : { type: 'object', title })),
    );
  });

  it('changes only one project', async () => {
    await projects.ensure('demo');
    await projects.ensure('other');
    await projects.setMetadataSchema('demo', 'videos', { type: 'object' });
    expect((await projects.findByName('other')).metadataSchemas).toEqual({});
  });
});

describe('rotateWebhookSecret', () => {
  it('adds a new secret before the previous one', async () => {
    const { id, webhookSecrets } = await projects.ensure('demo');
    await projects.rotateWebhookSecret('demo');
    const [fresh, before, ...others] = await projects.webhookSecrets(id);
    expect(before.secret).toBe(webhookSecrets[0].secret);
    expect(fresh.secret).not.toBe(before.secret);
    expect(Date.parse(before.expiresAt!) - Date.parse(fresh.createdAt)).toBe(86_400_000);
    expect(others).toEqual([]);
  });

  it('keeps both secrets of two concurrent rotations', async () => {
    const { id } = await projects.ensure('demo');
    const made = await Promise.all([
      projects.rotateWebhookSecret('demo'),
      projects.rotateWebhookSecret('demo'),
    ]);
    const valid = (await projects.webhookSecrets(id)).map(({ secret }) => secret);
    expect(valid.toSorted()).toEqual(made.map(([fresh]) => fresh.secret).toSorted());
  });

  it('returns no secrets for an unknown project', async () => {
    expect(await projects.webhookSecrets(2_000_000_000)).toEqual([]);
  });
});
