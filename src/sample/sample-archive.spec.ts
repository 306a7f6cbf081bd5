import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../test/support/free-port.js';
import { SAMPLE_PORT, startSampleArchive, type SampleArchive } from './sample-archive.js';

let dataDir: string;
let notices: string[];
let open: SampleArchive[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'reelport-sample-'));
  notices = [];
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((archive) => archive.close()));
  await rm(dataDir, { recursive: true });
});

async function start(firstPort?: number): Promise<SampleArchive> {
  const archive = await startSampleArchive({ dataDir, firstPort, log: (line) => notices.push(line) });
  open.push(archive);
  return archive;
}

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

describe('The port of the sample archive', () => {
  it('is the one of the documents unless it is in use', () => {
    for (const document of ['README.md', 'docs/first-import.md']) {
      const ports = [
        ...readFileSync(document, 'utf8').matchAll(/127\.0\.0\.1:(\d+)\/(?:archive|test-pattern)/g),
      ];
      expect(new Set(ports.map(([, port]) => Number(port)))).toEqual(new Set([SAMPLE_PORT]));
    }
  });

  it('survives a restart, so that URLs of the sample list stay valid', async () => {
    const port = await freePort();
    const first = await start(port);
    expect(first.origin).toBe(`http://127.0.0.1:${port}`);
    await first.close();
    await start();
    expect(await statusOf(first.videoUrl)).toBe(200);
    expect(notices).toEqual([]);
  });

  it('is replaced and announced if it is in use, and the other one is kept', async () => {
    const first = await start(await freePort());
    const second = await start();
    expect(await statusOf(second.listUrl)).toBe(200);
    expect(notices).toEqual([
      `Port ${new URL(first.origin).port} of the sample archive is in use: it listens on port ` +
        `${new URL(second.origin).port} instead, and earlier copies of the sample list lead nowhere`,
    ]);
    await second.close();
    expect((await start()).origin).toBe(second.origin);
  });

  it('is chosen again if its record is unreadable', async () => {
    await writeFile(join(dataDir, 'sample-archive.port'), 'nonsense');
    const port = await freePort();
    expect((await start(port)).origin).toBe(`http://127.0.0.1:${port}`);
  });
});
