import type { Environment } from './config/environment.js';
import { EnvironmentError } from './config/load-environment.js';

/** What `npm start` brings along and a role on its own has to be given. */
type Needed = 'DATABASE_URL' | 'REDIS_URL' | 'TOKEN_SECRET';

const EXAMPLES: Record<Needed, string> = {
  DATABASE_URL: 'such as postgresql://user:password@host:5432/database',
  REDIS_URL: 'such as redis://host:6379',
  TOKEN_SECRET:
    'at least 32 characters, the same for every process: without it, each machine signs tokens that the others refuse. Make one with: openssl rand -base64 48',
};

/** @throws EnvironmentError a line for each variable that is missing, with what would be right */
export function assertGiven(environment: Environment, needed: readonly Needed[]): void {
  const missing = needed.filter((name) => environment[name] === undefined);
  if (missing.length === 0) return;
  throw new EnvironmentError(missing.map((name) => `${name} must be given, ${EXAMPLES[name]}`).join('\n'));
}
