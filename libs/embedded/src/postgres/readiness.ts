import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { ServiceProcess } from '../service-process.js';
import { dataDirectoryOf, SUPERUSER } from './cluster.js';
import type { Place } from './place.js';

/** Role and database of the app. */
export const APP = 'reelport';

// After a crash PostgreSQL first replays its log, which can take its time.
const LIMIT_MS = 180_000;

/**
 * Waits until a server answers on the port, sees that it is ours and not somebody's who was faster, and gives
 * the app its role and database.
 *
 * @returns false where the server ended first
 */
export async function untilReady(server: ServiceProcess, place: Place, port: number): Promise<boolean> {
  const limit = Date.now() + LIMIT_MS;
  for (;;) {
    const failure = await prepare(place, port);
    // The order matters: an answer on the port counts only while our server lives.
    if (server.hasEnded()) return false;
    if (failure === undefined) return true;
    if (Date.now() > limit) throw new Error('PostgreSQL does not answer', { cause: failure });
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
    // What is left out here is read from PGSSLMODE and its like, which are meant for another server.
    ssl: false,
    sslnegotiation: 'postgres',
    options: '-c client_min_messages=warning',
    application_name: 'reelport-embedded',
    client_encoding: 'utf8',
    connectionTimeoutMillis: 2_000,
  });
  // A connection that breaks says so by a failing query as well; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    if (rows[0]?.data_directory !== dataDirectoryOf(place)) throw new Error('Another server has the port');
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
