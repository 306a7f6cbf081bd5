import { createServer } from 'node:http';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientCommand } from '../support/client-command.js';
import { isShown } from '../support/document-blocks.js';
import { blocksOf } from '../support/document-owners.js';
import { freePort } from '../support/free-port.js';
import { startReceiver } from '../support/receiver.js';
import { entry, newMp4, newPartner, openScene, type Partner, type Scene } from './scene.js';

let scene: Scene;
let partner: Partner;

beforeAll(async () => {
  scene = await openScene();
  partner = await newPartner(scene.reelport);
  scene.origin.serve('/a.mp4', newMp4());
});
afterAll(() => scene?.close());

/** The only block of a language that this spec owns in a document. */
function sampleOf(document: string, language: string): string {
  const [block, ...others] = blocksOf('test/e2e/document-samples.spec.ts', document).filter(
    (one) => one.language === language,
  );
  if (block === undefined || others.length > 0)
    throw new Error(`${document} has not one block of ${language}`);
  return block.text.trim();
}

const importOne = (more: Record<string, unknown> = {}): Promise<string> =>
  partner.api.importVideos('samples', [entry('a', scene.origin.url('/a.mp4'))], more);

describe('docs/api.md', () => {
  it('shows the answer to a wrong URL', async () => {
    const videos = ['http', 'http', 'http', 'htp'].map((scheme, at) =>
      entry(String(at), scene.origin.url('/a.mp4').replace('http', scheme)),
    );
    const answer = await partner.api.call('POST', '/api/v1/import/videos', {
      body: { systemName: 'samples', videos },
    });
    expect(answer.body).toEqual(JSON.parse(sampleOf('docs/api.md', 'json')));
  });
});

describe('docs/failures.md', () => {
  const sample: Record<string, unknown> = JSON.parse(sampleOf('docs/failures.md', 'json'));

  /** Posts the sample, and again with each name misspelled. */
  async function statusesOf(path: string): Promise<number[]> {
    const misspelled = Object.entries(sample).map(([name, value]) => ({ [`${name}s`]: value }));
    const answers = [sample, ...misspelled].map((body) => partner.api.call('POST', path, { body }));
    return (await Promise.all(answers)).map(({ status }) => status);
  }
  const expected = [200, ...Object.keys(sample).map(() => 400)];

  it('shows a body that retry takes', async () => {
    const id = await importOne();
    await partner.api.finished(id);
    expect(await statusesOf(`/api/v1/imports/${id}/retry`)).toEqual(expected);
  });

  it('shows a body that cancel takes', async () => {
    scene.origin.serve('/hanging.mp4', newMp4(), { hang: 'headers' });
    const id = await partner.api.importVideos('samples', [
      entry('hanging', scene.origin.url('/hanging.mp4')),
    ]);
    expect(await statusesOf(`/api/v1/imports/${id}/cancel`)).toEqual(expected);
    // The rest of it, so that nothing is left.
    await partner.api.call('POST', `/api/v1/imports/${id}/cancel`);
  });
});

describe('docs/webhooks.md', () => {
  it('shows the body of a webhook', async () => {
    const sample: Record<string, unknown> = JSON.parse(sampleOf('docs/webhooks.md', 'json'));
    const receiver = await startReceiver({ secret: partner.project.webhookSecret });
    const id = await importOne({ webhook: receiver.url('/hook'), context: sample['context'] });
    const { raw } = await receiver.waitForDelivery((delivery) => delivery.raw.includes(id));
    await receiver.close();
    const message: Record<string, unknown> = JSON.parse(raw);
    expect(skeleton(message)).toEqual(skeleton(sample));
    const { type, state, context } = sample;
    expect(message).toMatchObject({ id, type, state, context });
  });

  it('shows what listen prints if the receiver refuses an event', async () => {
    const sample = sampleOf('docs/webhooks.md', 'text');
    const [, status = '', reason = ''] = /→ (\d+) in \d+ ms: (.*)$/.exec(sample) ?? [];
    const server = createServer((_request, response) => {
      response.writeHead(Number(status)).end(`${reason}\nmore`);
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const id = await importOne();
    await partner.api.finished(id);
    const command = new ClientCommand(
      ['listen', '--forward-to', `http://127.0.0.1:${port}/hook`, '--import', id],
      { REELPORT_URL: scene.reelport.url, REELPORT_TOKEN: partner.api.token },
    );
    expect(await command.end()).toBe(9);
    server.close();
    const shown = sample.replace(/msg_\w+/, 'msg_…').replace(/in \d+ ms/, 'in … ms');
    expect(command.stderr.split('\n').filter((line) => isShown(shown, line))).toHaveLength(1);
  });
});

describe('docs/operations.md', () => {
  it('deletes what waits for a listener that was removed, and nothing else', async () => {
    const { id: projectId } = await scene.reelport.createProject();
    const { url } = scene.reelport.database;
    const dataSource = await new DataSource({ type: 'postgres', url }).initialize();
    for (const [body, listeners] of [
      ['both', ['diary', 'other']],
      ['one', ['diary']],
    ] as const) {
      const [event] = await dataSource.query<Array<{ id: string }>>(
        `INSERT INTO events (project_id, type, body) VALUES ($1, 'import.finished', $2) RETURNING id`,
        [projectId, JSON.stringify({ body })],
      );
      for (const listener of listeners)
        await dataSource.query(
          `INSERT INTO event_deliveries (id, event_id, project_id, listener, next_attempt_at)
           VALUES (gen_random_uuid(), $1, $2, $3, 'infinity')`,
          [event?.id, projectId, listener],
        );
    }
    await dataSource.query(sampleOf('docs/operations.md', 'sql'));
    expect(await dataSource.query('SELECT listener FROM event_deliveries')).toEqual([{ listener: 'other' }]);
    expect(await dataSource.query('SELECT body FROM events')).toEqual([{ body: { body: 'both' } }]);
    await dataSource.destroy();
  });
});

/** Names in their order, and types. */
function skeleton(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([name, member]) => [name, skeleton(member)]);
}
