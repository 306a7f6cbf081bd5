import { EmbeddedUnavailableError } from './errors.js';
import type { Holder } from './owner-lock.js';
import { isSame } from './process-identity.js';
import { readRunning } from './running-record.js';
import type { ServicesOptions, SomeServices } from './services.options.js';

/** Returns the services of a running server; undefined while it is not ready. */
export function attach(
  folder: string,
  holder: Holder,
  need: ServicesOptions['need'],
): SomeServices | undefined {
  const running = readRunning(folder);
  // The record may belong to an earlier owner that was killed.
  if (running?.ready !== true || !isSame(running.owner, holder.process)) return undefined;
  const url = (service: 'database' | 'redis'): string | undefined => {
    if (need?.[service] === false) return undefined;
    const found = running[service]?.url;
    if (found !== undefined) return found;
    const variable = service === 'database' ? 'DATABASE_URL' : 'REDIS_URL';
    throw new EmbeddedUnavailableError(
      `Process ${holder.process.pid} runs without an embedded ${service}: set ${variable} to the value of that process`,
    );
  };
  return { databaseUrl: url('database'), redisUrl: url('redis'), stop: () => Promise.resolve() };
}
