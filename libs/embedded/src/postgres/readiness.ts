import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { ServiceProcess } from '../service-process.js';
import { dataDirectoryOf, SUPERUSER } from './cluster.js';
import type { Place } from './place.js';

/** Name of the app's role and database. */
export const APP = 'reelport';

// After a crash, PostgreSQL first replays its log, which can take long.
const LIMIT_MS = 180_000;

/**
 * Waits until the server answers on the port, checks that it is ours and not another process on the same port, and
 * creates the app's role and database.
 *
 * @returns false if the server ended first
 */
export async function untilReady(server: ServiceProcess, place: Place, port: number): Promise<boolean> {
  const limit = Date.now() + LIMIT_MS;
  for (;;) {
    const failure = await prepare(place, port);
    // After prepare(): an answer on the port only counts if our server is still alive.
    if (server.hasEnded()) return false;
    if (failure === undefined) return true;
    if (Date.now() > limit) throw new Error('PostgreSQL does not respond', { cause: failure });
    await delay(15);
  }
}

async function prepare(place: Place, port: number): Promise<unknown> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: place.superuserPassword,
    database: 'postgres',
    // Omitted options would be read from PGSSLMODE and similar variables, which are meant for another server.
    ssl: false,
    sslnegotiation: 'postgres',
    options: '-c client_min_messages=warning',
    application_name: 'reelport-embedded',
    client_encoding: 'utf8',
    connectionTimeoutMillis: 2_000,
  });
  // A lost connection also fails the query; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    if (rows[0]?.data_directory !== dataDirectoryOf(place)) throw new Error('Another server uses the port');
    await ensureApp(client, place.password);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await client.end();
  }
}

async function ensureApp(client: Client, password: string): Promise<void> {
  const role = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [APP]);
  if (role.rowCount === 0) {
    await client.query(`CREATE ROLE ${APP} LOGIN CREATEDB PASSWORD ${client.escapeLiteral(password)}`);
  }
  const database = await client.query('SELECT FROM pg_database WHERE datname = $1', [APP]);
  if (database.rowCount === 0) await client.query(`CREATE DATABASE ${APP} OWNER ${APP}`);
}
