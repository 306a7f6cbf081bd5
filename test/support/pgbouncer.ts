import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { vi } from 'vitest';
import { installProgram, isRoot, pathOf } from '#libs/system-packages';
import { freePort } from './free-port.js';

/** PgBouncer in session mode in front of all databases of a server. */
export interface PgBouncer {
  /** URL of the same database through PgBouncer. */
  through(url: string): string;
  /** Number of clients of a database. */
  clientsOf(database: string): Promise<number>;
  stop(): Promise<void>;
}

/** PgBouncer refuses to run as root; this is `nobody` on Linux. */
const NOBODY = 65_534;

/** @param server URL of any database of the server */
export async function startPgBouncer(server: string): Promise<PgBouncer> {
  const program = await pgBouncerPath();
  const folder = await mkdtemp(join(tmpdir(), 'reelport-pgbouncer-'));
  const { hostname, port, username, password } = new URL(server);
  const [user, secret] = [decodeURIComponent(username), decodeURIComponent(password)];
  const listenPort = await freePort();
  await writeFile(join(folder, 'users.txt'), `"${user}" "${secret}"\n`);
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${hostname} port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, 'users.txt')}
admin_users = ${user}
pool_mode = session
max_client_conn = 200
default_pool_size = 100
`,
  );
  await chmod(folder, 0o755);
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot() && { uid: NOBODY, gid: NOBODY }),
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)));

  function through(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(listenPort);
    return changed.href;
  }

  /** The admin console supports only the simple query protocol. */
  async function ask<Row extends object>(command: string): Promise<Row[]> {
    const client = new Client({ connectionString: through(new URL('/pgbouncer', server).href) });
    await client.connect();
    try {
      return (await client.query<Row>(command)).rows;
    } finally {
      await client.end();
    }
  }

  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}:\n${output}`);
      await ask('SHOW VERSION');
    },
    { timeout: 20_000 },
  );
  return {
    through,
    clientsOf: async (database) =>
      (await ask<{ database: string }>('SHOW CLIENTS')).filter((client) => client.database === database)
        .length,
    stop: async () => {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Debian installs it outside of the PATH of ordinary users. */
function findPgBouncer(): string | undefined {
  return pathOf('pgbouncer') ?? pathOf('/usr/sbin/pgbouncer');
}

/** @throws Error with instructions if PgBouncer is missing and cannot be installed */
async function pgBouncerPath(): Promise<string> {
  const found = findPgBouncer();
  if (found !== undefined) return found;
  const { program, complaint } = await installProgram({
    name: 'PgBouncer',
    packages: { 'apt-get': ['pgbouncer'], dnf: ['pgbouncer'], apk: ['pgbouncer'] },
    find: findPgBouncer,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  if (program !== undefined) return program;
  throw new Error(
    'PgBouncer was not found. Install it so that it is on the PATH, or run this once as root (or with sudo without ' +
      `a password) to install it.${complaint === '' ? '' : `\n${complaint}`}`,
  );
}
