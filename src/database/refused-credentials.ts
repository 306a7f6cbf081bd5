import { codeOf } from '#libs/errors';
import { EnvironmentError } from '../config/parse-environment.js';
import { CONNECT_TIMEOUT_MS } from './connection-limits.js';
import { OwnConnection } from './own-connection.js';

/**
 * Required changes of DATABASE_URL by SQLSTATE; all other errors may be transient.
 * See https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const REFUSALS: Readonly<Record<string, string>> = {
  '28P01': 'PostgreSQL refuses the user name or the password in it; put the right ones there',
  '28000': 'PostgreSQL does not let its user in; name another one there, or allow this one in pg_hba.conf',
  '3D000': 'there is no such database; name another one there, or create it',
};

const MISSING_PASSWORD =
  'PostgreSQL wants a password; put it there, as postgresql://user:password@host:5432/database';

/** pg's message, which has no code, if the server requires a password and none is given. */
const NO_PASSWORD = /^SASL: .*client password must be/;

/**
 * Checks once whether PostgreSQL accepts the credentials. An unreachable server passes, because it may still start.
 *
 * @throws EnvironmentError one line with the variable and the required change, without any part of its value
 */
export async function assertDatabaseAdmits(url: string): Promise<void> {
  const refusal = databaseRefusal(await connectionFault(url));
  if (refusal) throw refusal;
}

/** Connects once. @returns the error, or undefined on success */
export async function connectionFault(url: string): Promise<unknown> {
  const connection = new OwnConnection(url, CONNECT_TIMEOUT_MS);
  // Errors after the connection is established are irrelevant.
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

/** The error to report if PostgreSQL was reached and rejected the credentials. */
export function databaseRefusal(error: unknown): EnvironmentError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error) ?? '';
  const refusal = NO_PASSWORD.test(error.message) ? MISSING_PASSWORD : REFUSALS[code];
  return refusal === undefined ? undefined : new EnvironmentError(`DATABASE_URL: ${refusal}`);
}
