import { installProgram } from '#libs/system-packages';
import { EmbeddedUnavailableError } from '../errors.js';
import { findRedis, type RedisExecutable } from './executable.js';

// Debian's redis-server would also start a service on port 6379, now and at every boot; redis-tools holds the
// same program without it. The other systems start nothing by themselves.
const PACKAGES = {
  'apt-get': ['redis-tools'],
  dnf: ['valkey', 'redis'],
  apk: ['valkey', 'redis'],
  pacman: ['valkey'],
  brew: ['redis'],
};

/**
 * Installs a Redis server with the system's package manager, where that needs nobody at the keyboard.
 *
 * @param log told in one line before anything is installed
 * @throws EmbeddedUnavailableError with the three ways out, where there is still none afterwards
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
    'No Redis server here. Set REDIS_URL to one that runs, or install redis or valkey so that it is on the ' +
      'PATH, or start this once as root (or where sudo asks no password), and it is installed for you.' +
      (complaint === '' ? '' : `\n${complaint}`),
  );
}
