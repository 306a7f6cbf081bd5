import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedUnavailableError } from '../errors.js';
import { ENDINGS } from '../ending.js';
import { startProcess, type ServiceCommand, type ServiceProcess } from '../service-process.js';
import type { Launcher } from '../supervised-service.js';
import { isRoot } from '#libs/system-packages';
import { postgresAccount, type Account } from './account.js';
import { findBinaries, POSTGRES_ENVIRONMENT } from './binaries.js';
import { createCluster, dataDirectoryOf } from './cluster.js';
import { findFreePort } from './free-port.js';
import {
  makePlace,
  markInitialised,
  recordedPlace,
  removePlace,
  rootFolder,
  sweepThrowaways,
  type Place,
} from './place.js';
import { APP, untilReady } from './readiness.js';

const PORT_ATTEMPTS = 5;

/**
 * Prepares the PostgreSQL of a folder for its start, on 127.0.0.1 and a free port, which it keeps.
 *
 * @param folder whose lock this process holds
 * @param findPort proposes a port; a port in use takes another attempt
 * @param log called with one line before a database is created
 */
export async function preparePostgres(
  folder: string,
  durable: boolean,
  findPort: () => Promise<number> = findFreePort,
  log: (line: string) => void = () => undefined,
): Promise<Launcher> {
  if (!durable) sweepThrowaways();
  const known = usablePlace(folder, durable);
  if (known === undefined) log(`Creating a PostgreSQL database in ${folder}, once …`);
  const account = postgresAccount(known && dataDirectoryOf(known));
  const binaries = findBinaries(account, isRoot() ? rootFolder : () => folder);
  const place = await prepareCluster(folder, known, binaries, account, durable);
  const commandFor = (port: number): ServiceCommand => ({
    name: 'PostgreSQL',
    file: join(binaries, 'bin', 'postgres'),
    args: ['-D', dataDirectoryOf(place), ...settings(port, !place.throwaway)],
    ...account,
    cwd: '/',
    env: POSTGRES_ENVIRONMENT,
    logFile: join(folder, 'postgres.log'),
    ending: ENDINGS.database,
  });
  let kept: number | undefined;
  return {
    label: 'PostgreSQL',
    launch: async (onSpawn) => {
      for (let attempts = 1; ; attempts++) {
        const port = kept ?? (await findPort());
        const server = await startProcess(commandFor(port), (process) =>
          onSpawn({ process: process.identity, url: urlOf(place, port) }, process),
        );
        if (await untilReadyOrStopped(server, place, port)) {
          kept = port;
          return server;
        }
        const lostRace = kept === undefined && /could not (bind|create any TCP)/.test(server.output());
        if (!lostRace || attempts === PORT_ATTEMPTS) {
          throw new Error(`PostgreSQL failed to start in ${place.directory}:\n${server.output()}`);
        }
      }
    },
    cleanUp: () => {
      if (place.throwaway) removePlace(folder, place);
    },
  };
}

/** Our server does not support TLS, whatever PGSSLMODE requests in the environment of a client. */
const urlOf = (place: Place, port: number): string =>
  `postgresql://${APP}:${place.password}@127.0.0.1:${port}/${APP}?sslmode=disable`;

/** Returns the recorded place, unless a durable database was requested and the place is throwaway. */
function usablePlace(folder: string, durable: boolean): Place | undefined {
  const place = recordedPlace(folder);
  return place?.throwaway === true && durable ? undefined : place;
}

async function prepareCluster(
  folder: string,
  known: Place | undefined,
  binaries: string,
  account: Account | undefined,
  durable: boolean,
): Promise<Place> {
  if (known !== undefined && existsSync(dataDirectoryOf(known))) return known;
  if (known?.initialised === true && !known.throwaway) {
    throw new EmbeddedUnavailableError(
      `The database of ${folder} is missing in ${known.directory}: restore it, or remove ` +
        `${join(folder, 'postgres.json')} to start with an empty one`,
    );
  }
  const place = makePlace(folder, account, durable);
  await createCluster(place, binaries, account, durable);
  markInitialised(folder);
  return place;
}

async function untilReadyOrStopped(server: ServiceProcess, place: Place, port: number): Promise<boolean> {
  try {
    return await untilReady(server, place, port);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function settings(port: number, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    // A socket path is limited to about 100 bytes, and the data folder may have a long path.
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
