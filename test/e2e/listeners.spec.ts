import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReelport, type Program, type Reelport } from '../support/reelport.js';
import { until } from '../support/until.js';
import { entry, newMp4, newPartner, type Partner } from './scene.js';

/** A call of the listener in `listening-app.ts`. */
interface Call {
  event: { type: string; importId: string; version?: number } & Record<string, unknown>;
  id: string;
  attempt: number;
  occurredAt: string;
}

const LAYOUTS: ReadonlyArray<[string, Program[]]> = [
  ['API and worker in one process', ['standalone']],
  ['API and worker in two processes', ['main', 'worker']],
];

describe.each(LAYOUTS)('%s', (_name, programs) => {
  const file = join(tmpdir(), `reelport-calls-${randomUUID()}`);
  let reelport: Reelport;
  let origin: Origin;
  let partner: Partner;

  beforeAll(async () => {
    origin = await startOrigin();
    const settings = { SHUTDOWN_GRACE_MS: '1s', LISTENER_SCHEDULE: '1s,1s', CALLS_FILE: file };
    reelport = await startReelport(settings, programs, 'dist/test/support/listening-app.js');
    partner = await newPartner(reelport);
  });
  afterAll(async () => {
    await reelport?.remove();
    await origin?.close();
    await rm(file, { force: true });
  });

  async function restart(
    more: Record<string, string> = {},
    signal: NodeJS.Signals = 'SIGTERM',
  ): Promise<void> {
    await reelport.stop(signal);
    await reelport.start(more);
  }

  function calls(importId: string): Call[] {
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line): Call => JSON.parse(line)).filter(({ event }) => event.importId === importId);
  }

  const undelivered = async (): Promise<number> => {
    const [{ count }] = await reelport.database.dataSource.query<[{ count: number }]>(
      'SELECT count(*)::integer AS count FROM event_deliveries',
    );
    return count;
  };
  const delivered = (): Promise<true> =>
    until('all events to be delivered', async () => (await undelivered()) === 0);

  it('tells a listener everything that an import causes, once', async () => {
    const { api, project } = partner;
    origin.serve('/a.mp4', newMp4());
    const first = await api.importVideos('archive', [entry('a', origin.url('/a.mp4'))]);
    await api.finished(first);
    await delivered();
    const common = { projectId: project.id, importId: first, kind: 'videos', systemName: 'archive' };
    const mediaId = calls(first).find(({ event }) => event.type === 'media.created')?.event['mediaId'];
    expect(calls(first).map(({ event }) => event)).toHaveLength(3);
    expect(calls(first).map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        { ...common, type: 'import.accepted', total: 1 },
        { ...common, type: 'media.created', mediaId, version: 1, externalId: 'a', title: 'Title of a' },
        {
          ...common,
          type: 'import.finished',
          state: 'success',
          overview: { total: 1, success: 1, skipped: 0, failed: 0 },
        },
      ]),
    );

    const typesOf = async (fileName: string): Promise<string[]> => {
      const id = await api.importVideos('archive', [entry('a', origin.url('/a.mp4'), { fileName })]);
      await api.finished(id);
      await delivered();
      return calls(id).map(({ event: { type, version } }) =>
        version === undefined ? type : `${type} ${version}`,
      );
    };
    expect((await typesOf('Title of a')).sort()).toEqual(['import.accepted', 'import.finished']);
    expect((await typesOf('New title')).sort()).toEqual([
      'import.accepted',
      'import.finished',
      'media.updated 2',
    ]);
  });

  it('tells a listener again that an import finished after a retry', async () => {
    const { api } = partner;
    origin.script('/b.mp4', [{ status: 404 }]);
    const id = await api.importVideos('archive', [entry('b', origin.url('/b.mp4'))]);
    await api.finished(id);
    await api.call('POST', `/api/v1/imports/${id}/retry`);
    await api.finished(id);
    await delivered();
    const finished = calls(id).filter(({ event }) => event.type === 'import.finished');
    expect(finished.map(({ event }) => event['state'])).toEqual(['failed', 'failed']);
    expect(new Set(finished.map(({ id: delivery }) => delivery)).size).toBe(2);
  });

  it('calls a listener again after kill -9 during the call', async () => {
    const { api } = partner;
    await restart({ DIARY_HANGS: 'true' });
    const id = await api.importVideos('archive', [entry('c', origin.url('/c.mp4'))]);
    await until('the listener to be called', () => calls(id).length > 0);
    await restart({}, 'SIGKILL');
    await delivered();
    const accepted = calls(id).filter(({ event }) => event.type === 'import.accepted');
    expect(accepted.length).toBeGreaterThan(1);
    expect(new Set(accepted.map(({ id: delivery }) => delivery)).size).toBe(1);
    expect(new Set(accepted.map(({ occurredAt }) => occurredAt)).size).toBe(1);
    expect(accepted.map(({ attempt }) => attempt)).toEqual(accepted.map((_, index) => index + 1));
  });

  it('ends at one SIGTERM while a listener hangs, gives it up, and calls it again on request', async () => {
    const { api } = partner;
    await restart({ DIARY_HANGS: 'true', LISTENER_SCHEDULE: '10ms' });
    const id = await api.importVideos('archive', [entry('d', origin.url('/d.mp4'))]);
    interface Letter {
      id: string;
      attempts: number;
      lastError: string;
      event: { type: string; importId: string };
    }
    const letters = async (): Promise<Letter[]> =>
      (await api.call<{ results: Letter[] }>('GET', '/api/v1/dead-letters')).body.results;
    const letter = await until('a dead letter', async () =>
      (await letters()).find(({ event }) => event.importId === id && event.type === 'import.accepted'),
    );
    expect(letter).toMatchObject({
      listener: 'diary',
      attempts: 2,
      lastError: 'TimeLimitError: Listener diary took longer than 5000 ms',
    });
    expect(await reelport.stop('SIGTERM')).toBe(0);
    await restart();
    for (const { id: dead } of await letters())
      expect((await api.call('POST', `/api/v1/dead-letters/${dead}/retry`)).status).toBe(200);
    await delivered();
    expect(calls(id).at(-1)).toMatchObject({ event: { importId: id } });
    expect(
      calls(id)
        .filter((call) => call.id === letter.id)
        .at(-1),
    ).toMatchObject({ attempt: 3 });
    expect(await letters()).toEqual([]);
  });
});
