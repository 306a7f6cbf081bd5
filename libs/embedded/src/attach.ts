import { EmbeddedUnavailableError } from './errors.js';
import type { Holder } from './owner-lock.js';
import { isSame } from './process-identity.js';
import { readRunning } from './running-record.js';
import type { ServicesOptions, SomeServices } from './services.options.js';

/** The services of a server that runs, or undefined while it is not ready. */
export function attach(
  folder: string,
  holder: Holder,
  need: ServicesOptions['need'],
): SomeServices | undefined {
  const running = readRunning(folder);
  // A record can be that of an owner before, who was killed.
  if (running?.ready !== true || !isSame(running.owner, holder.process)) return undefined;
  const url = (service: 'database' | 'redis'): string | undefined => {
    if (need?.[service] === false) return undefined;
    const found = running[service]?.url;
    if (found !== undefined) return found;
    const variable = service === 'database' ? 'DATABASE_URL' : 'REDIS_URL';
    throw new EmbeddedUnavailableError(
      `Process ${holder.process.pid} runs here without a ${service} of its own: give the ${variable} it was given`,
    );
  };
  return { databaseUrl: url('database'), redisUrl: url('redis'), stop: () => Promise.resolve() };
}
