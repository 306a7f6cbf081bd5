import { spawnSync } from 'node:child_process';
import { pathOf } from '#libs/system-packages';

/** A program that acts as a Redis server if it is called by the right name. */
export interface RedisExecutable {
  /** Absolute. */
  path: string;
  argv0: string;
}

// redis-check-rdb is the same program as redis-server and selects its function by its name. On Debian and Ubuntu it is
// available without the system service that comes with redis-server.
const CANDIDATES = [
  { file: 'redis-server', argv0: 'redis-server' },
  { file: 'valkey-server', argv0: 'valkey-server' },
  { file: 'redis-check-rdb', argv0: 'redis-server' },
  { file: 'valkey-check-rdb', argv0: 'valkey-server' },
];

/** Finds the first Redis server on the PATH. */
export function findRedis(): RedisExecutable | undefined {
  for (const { file, argv0 } of CANDIDATES) {
    const { status, stdout } = spawnSync(file, ['--version'], { argv0, encoding: 'utf8' });
    const path = status === 0 && / v=\d/.test(stdout) ? pathOf(file) : undefined;
    if (path !== undefined) return { path, argv0 };
  }
  return undefined;
}
