import { EnvironmentError } from '../config/load-environment.js';
import { CONNECT_TIMEOUT_MS } from './connection-limits.js';
import { OwnConnection } from './own-connection.js';

/**
 * What to change in DATABASE_URL, by what PostgreSQL refuses; everything else may pass by waiting.
 * See https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const REFUSALS: Readonly<Record<string, string>> = {
  '28P01': 'PostgreSQL refuses the user name or the password in it; put the right ones there',
  '28000': 'PostgreSQL does not let its user in; name another one there, or allow this one in pg_hba.conf',
  '3D000': 'there is no such database; name another one there, or create it',
};

const MISSING_PASSWORD =
  'PostgreSQL wants a password; put it there, as postgresql://user:password@host:5432/database';

/** What pg says, without a code, of a server that wants a password where there is none to be sent. */
const NO_PASSWORD = /^SASL: .*client password must be/;

/**
 * Looks once whether PostgreSQL lets us in. One that cannot be reached may still come up, and is no fault here.
 *
 * @throws EnvironmentError one line that names the variable and says what to change, without any of its value
 */
export async function assertDatabaseAdmits(url: string): Promise<void> {
  const refusal = databaseRefusal(await connectionFault(url));
  if (refusal) throw refusal;
}

/** Connects once: what was thrown, or undefined where it went well. */
export async function connectionFault(url: string): Promise<unknown> {
  const connection = new OwnConnection(url, CONNECT_TIMEOUT_MS);
  // What breaks once we are in is of no interest.
  connection.client.on('error', () => undefined);
  try {
    await connection.client.connect();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await connection.close();
  }
}

/** The error for a person, where PostgreSQL was reached and does not let us in. */
export function databaseRefusal(error: unknown): EnvironmentError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  const refusal = NO_PASSWORD.test(error.message) ? MISSING_PASSWORD : REFUSALS[code];
  return refusal === undefined ? undefined : new EnvironmentError(`DATABASE_URL: ${refusal}`);
}
