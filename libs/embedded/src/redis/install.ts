import { installProgram } from '#libs/system-packages';
import { EmbeddedUnavailableError } from '../errors.js';
import { findRedis, type RedisExecutable } from './executable.js';

// Debian's redis-server would also start a service on port 6379, now and at every boot; redis-tools contains the same
// program without the service. On the other systems, the packages start no service.
const PACKAGES = {
  'apt-get': ['redis-tools'],
  dnf: ['valkey', 'redis'],
  apk: ['valkey', 'redis'],
  pacman: ['valkey'],
  brew: ['redis'],
};

/**
 * Installs a Redis server with the system's package manager, if that works without interaction.
 *
 * @param log called with one line before anything is installed
 * @throws EmbeddedUnavailableError with the three remedies, if there is still no server afterwards
 */
export async function installRedis(log: (line: string) => void): Promise<RedisExecutable> {
  const { program, complaint } = await installProgram({
    name: 'Redis',
    packages: PACKAGES,
    find: findRedis,
    log,
  });
  if (program !== undefined) return program;
  throw new EmbeddedUnavailableError(
    'No Redis server found: set REDIS_URL to a running one, install redis or valkey on the PATH, or start once ' +
      'as root (or with sudo that needs no password) to have it installed.' +
      (complaint === '' ? '' : `\n${complaint}`),
  );
}
