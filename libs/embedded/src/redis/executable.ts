import { spawnSync } from 'node:child_process';

/** A program that is a Redis server when called by the right name. */
export interface RedisExecutable {
  file: string;
  argv0: string;
}

// redis-check-rdb is the server's own program under another name, which tells by its name what is wanted. On
// Debian and Ubuntu it can be had without the system service that comes with redis-server.
const CANDIDATES: readonly RedisExecutable[] = [
  { file: 'redis-server', argv0: 'redis-server' },
  { file: 'valkey-server', argv0: 'valkey-server' },
  { file: 'redis-check-rdb', argv0: 'redis-server' },
  { file: 'valkey-check-rdb', argv0: 'valkey-server' },
];

/** The first Redis server on the PATH, or undefined. */
export function findRedis(): RedisExecutable | undefined {
  return CANDIDATES.find(({ file, argv0 }) => {
    const { status, stdout } = spawnSync(file, ['--version'], { argv0, encoding: 'utf8' });
    return status === 0 && / v=\d/.test(stdout);
  });
}
