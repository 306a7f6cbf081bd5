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

/** Startup parameters that PgBouncer accepts by default. */
const TAKEN = ['user', 'database', 'application_name', 'client_encoding'];

/** Names of the parameters in a client's startup packet. */
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
    // Length and protocol version, then alternating names and values.
    const words = (await packet).subarray(8).toString().split('\0');
    return words.filter((word, index) => index % 2 === 0 && word !== '');
  } finally {
    await refused.catch(() => undefined);
    server.close();
  }
}

describe('a connection of the pool', () => {
  it('sends only startup parameters that a pooler accepts', async () => {
    const names = await startupParameters();
    expect(names).toContain('user');
    expect(TAKEN).toEqual(expect.arrayContaining(names));
  });

  it('applies its settings before its first statement', async () => {
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
          // 0 on a Unix domain socket.
          tcp_keepalives_count: expect.stringMatching(/^[03]$/),
        });
      }
    } finally {
      await dataSource.destroy();
    }
  });
});
