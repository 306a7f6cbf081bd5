import type { Environment } from '../config/environment.js';
import { EnvironmentError } from '../config/parse-environment.js';

/** Settings that `npm start` provides and a single role requires. */
type Needed = 'DATABASE_URL' | 'REDIS_URL' | 'TOKEN_SECRET';

const EXAMPLES: Record<Needed, string> = {
  DATABASE_URL: 'such as postgresql://user:password@host:5432/database',
  REDIS_URL: 'such as redis://host:6379',
  TOKEN_SECRET:
    'at least 32 characters, the same for every process: otherwise each machine refuses the tokens of the others. Generate one with: openssl rand -base64 48',
};

/** @throws EnvironmentError one line for each missing variable, with an example */
export function assertGiven(environment: Environment, needed: readonly Needed[]): void {
  const missing = needed.filter((name) => environment[name] === undefined);
  if (missing.length === 0) return;
  throw new EnvironmentError(missing.map((name) => `${name} is required, ${EXAMPLES[name]}`).join('\n'));
}
