import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunningService } from '../running-record.js';
import { findFreePort } from './free-port.js';
import { preparePostgres } from './server.js';

it('tries another port if the first one is taken', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'postgres-')));
  chmodSync(folder, 0o711);
  const port = await findFreePort();
  const rival = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => {
    rival.listen(port, '127.0.0.1', resolve);
  });
  const proposals = [port, await findFreePort()];
  const spawned: RunningService[] = [];
  const launcher = await preparePostgres(folder, false, () => Promise.resolve(proposals.shift()!));
  const server = await launcher.launch((service) => spawned.push(service));
  try {
    expect(spawned).toHaveLength(2);
    expect(new URL(spawned[1].url).port).not.toBe(String(port));
    expect(server.hasEnded()).toBe(false);
  } finally {
    await server.stop();
    rival.close();
    rmSync(folder, { recursive: true });
  }
}, 60_000);
