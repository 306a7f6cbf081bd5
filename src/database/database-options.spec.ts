import { once } from 'node:events';
import { createServer } from 'node:net';
import { inject, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { databaseOptions } from './database-options.js';

const SETTINGS = [
  'TimeZone',
  'statement_timeout',
  'idle_in_transaction_session_timeout',
  'tcp_keepalives_count',
];

/** What PgBouncer takes in a startup packet, and hands on or ignores, without being told to. */
const TAKEN = ['user', 'database', 'application_name', 'client_encoding'];

/** The names of what a client says of itself in its first packet. */
async function startupParameters(): Promise<string[]> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const url = `postgresql://reelport@127.0.0.1:${port}/reelport?sslmode=disable`;
  const packet = new Promise<Buffer>((resolve) => {
    server.once('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        resolve(bytes);
        socket.destroy();
      });
    });
  });
  const refused = new DataSource(databaseOptions({ url, poolSize: 2, timeoutMs: 5_000 })).initialize();
  refused.catch(() => undefined); // the server ends the connection
  try {
    // Length and version of the protocol, then names and values in turn.
    const words = (await packet).subarray(8).toString().split('\0');
    return words.filter((word, index) => index % 2 === 0 && word !== '');
  } finally {
    await refused.catch(() => undefined);
    server.close();
  }
}

describe('a connection of the pool', () => {
  it('says nothing at its start that a pooler in between refuses', async () => {
    const names = await startupParameters();
    expect(names).toContain('user');
    expect(TAKEN).toEqual(expect.arrayContaining(names));
  });

  it('has its settings before its first statement', async () => {
    const options = databaseOptions({ url: inject('databaseUrl'), poolSize: 4, timeoutMs: 5_000 });
    const dataSource = await new DataSource(options).initialize();
    try {
      const text = `SELECT name, setting FROM pg_settings WHERE name = ANY($1)`;
      const answers = await Promise.all(
        Array.from({ length: 4 }, () =>
          dataSource.query<Array<{ name: string; setting: string }>>(text, [SETTINGS]),
        ),
      );
      for (const rows of answers) {
        expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
          TimeZone: 'UTC',
          statement_timeout: '5000',
          idle_in_transaction_session_timeout: '5000',
          // Not of a socket file.
          tcp_keepalives_count: expect.stringMatching(/^[03]$/),
        });
      }
    } finally {
      await dataSource.destroy();
    }
  });
});
