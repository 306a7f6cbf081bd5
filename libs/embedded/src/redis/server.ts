import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ENDINGS } from '../ending.js';
import { startProcess, type ServiceCommand, type ServiceProcess } from '../service-process.js';
import type { Launcher } from '../supervised-service.js';
import { findRedis } from './executable.js';
import { installRedis } from './install.js';

// The address of a unix socket holds 104 bytes on macOS and 108 on Linux, including the final zero.
const LONGEST_SOCKET_PATH = 103;
const LIMIT_MS = 20_000;

/**
 * Prepares a private Redis for its start: on a unix socket in a private folder, without a TCP port and without files,
 * since it holds no durable data.
 *
 * @param folder gets the log
 * @param fixedSocket path of the socket; default: in a temporary folder
 */
export async function prepareRedis(
  folder: string,
  log: (line: string) => void,
  fixedSocket?: string,
): Promise<Launcher> {
  const executable = findRedis() ?? (await installRedis(log));
  const temporaryFolder = makeSocketFolder();
  const program = join(temporaryFolder, executable.argv0);
  const socket = fixedSocket ?? join(temporaryFolder, 'redis.sock');
  return {
    label: 'Redis',
    launch: async (onSpawn) => {
      // The program selects its function by its name. The link is renewed because systems clean up temporary files.
      rmSync(program, { force: true });
      symlinkSync(executable.path, program);
      const command: ServiceCommand = {
        name: 'Redis',
        file: program,
        args: settings(socket, temporaryFolder),
        cwd: temporaryFolder,
        logFile: join(folder, 'redis.log'),
        ending: ENDINGS.redis,
      };
      const server = await startProcess(command, (process) =>
        onSpawn({ process: process.identity, url: redisUrl(socket), temporaryFolder }, process),
      );
      await untilReady(server, socket);
      return server;
    },
    cleanUp: () => rmSync(temporaryFolder, { recursive: true, force: true }),
  };
}

/**
 * Bull and ioredis let a query parameter of the URL set the option `path`, which overrides the host. The host never
 * exists (RFC 6761, 6.4): a client that does not know the parameter fails instead of writing to another Redis on port
 * 6379.
 */
const redisUrl = (socket: string): string => `redis://socket.invalid?path=${encodeURIComponent(socket)}`;

function makeSocketFolder(): string {
  const name = 'reelport-';
  const fits = join(tmpdir(), `${name}XXXXXX`, 'redis.sock').length <= LONGEST_SOCKET_PATH;
  return mkdtempSync(join(fits ? tmpdir() : '/tmp', name));
}

function settings(socket: string, folder: string): string[] {
  const values = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '600',
    save: '',
    appendonly: 'no',
    'maxmemory-policy': 'noeviction',
    dir: folder,
    daemonize: 'no',
  };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}

async function untilReady(server: ServiceProcess, socket: string): Promise<void> {
  const limit = Date.now() + LIMIT_MS;
  while (!(await answers(socket))) {
    if (server.hasEnded()) throw new Error(`Redis failed to start:\n${server.output()}`);
    if (Date.now() > limit) {
      await server.stop();
      throw new Error(`Redis does not respond:\n${server.output()}`);
    }
    await delay(5);
  }
}

/** Whether the server responds to PING. */
async function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket, () => connection.write('PING\r\n'));
    connection.setTimeout(1_000, () => connection.destroy());
    // Expected until the server listens; the close event follows.
    connection.on('error', () => undefined);
    connection.once('data', (answer) => {
      resolve(answer.toString().startsWith('+PONG'));
      connection.destroy();
    });
    connection.once('close', () => resolve(false));
  });
}
