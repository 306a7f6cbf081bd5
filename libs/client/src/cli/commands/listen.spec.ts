import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runClient } from '../program.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let server: Server;
let stderr: string;

beforeEach(async () => {
  // Streams of finished imports, whose events were all seen.
  server = createServer((_request, response) => response.writeHead(204).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = Object(server.address());
  vi.stubEnv('REELPORT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('REELPORT_TOKEN', 'secret');
  stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    stderr += Buffer.from(chunk).toString();
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const listen = (): Promise<number> =>
  runClient(
    ['listen', '--forward-to', 'http://127.0.0.1:9/hook', '--import', 'abc'],
    new AbortController().signal,
  );

it('prints a secret of its own, which the receiver needs', async () => {
  vi.stubEnv('WEBHOOK_SECRET', undefined);
  expect(await listen()).toBe(0);
  expect(stderr).toMatch(/^Signing with whsec_[\w+/=]{44}$/m);
});

it('names the variable of a given secret, which may be that of the project, and not the secret', async () => {
  vi.stubEnv('WEBHOOK_SECRET', SECRET);
  expect(await listen()).toBe(0);
  expect(stderr).toMatch(/^Signing with the secret of WEBHOOK_SECRET$/m);
  expect(stderr).not.toContain(SECRET);
});
