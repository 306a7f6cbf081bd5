import { spawn, spawnSync } from 'node:child_process';
import { EmbeddedUnavailableError } from '../errors.js';
import { isRoot } from '../postgres/account.js';
import { findRedis, type RedisExecutable } from './executable.js';

interface PackageManager {
  name: string;
  /** Who may install: root, or, for Homebrew, anybody but root. */
  asRoot: boolean;
  /** Run one after the other until there is a Redis; one that fails leaves it to the next. */
  commands: readonly string[];
}

// Debian's redis-server would also start a service on port 6379, now and at every boot; redis-tools holds the
// same program without it. The other systems start nothing by themselves.
const MANAGERS: readonly PackageManager[] = [
  {
    name: 'apt-get',
    asRoot: true,
    commands: [
      'apt-get update -q',
      'env DEBIAN_FRONTEND=noninteractive ' +
        'apt-get -o DPkg::Lock::Timeout=120 install -q -y --no-install-recommends redis-tools',
    ],
  },
  { name: 'dnf', asRoot: true, commands: ['dnf install -y valkey', 'dnf install -y redis'] },
  { name: 'apk', asRoot: true, commands: ['apk add --no-cache valkey', 'apk add --no-cache redis'] },
  { name: 'pacman', asRoot: true, commands: ['pacman -Sy --noconfirm valkey'] },
  { name: 'brew', asRoot: false, commands: ['brew install redis'] },
];

/**
 * Installs a Redis server with the system's package manager, where that needs nobody at the keyboard.
 *
 * @param log told in one line before anything is installed
 * @throws EmbeddedUnavailableError with the three ways out, where there is still none afterwards
 */
export async function installRedis(log: (line: string) => void): Promise<RedisExecutable> {
  const manager = MANAGERS.find(({ name }) => succeeds('which', name));
  const prefix = manager && rights(manager);
  let complaint = '';
  if (manager !== undefined && prefix !== undefined) {
    log(`No Redis on this machine: installing it with ${manager.name} …`);
    for (const command of manager.commands) {
      complaint = await run([...prefix, ...command.split(' ')]);
      const found = findRedis();
      if (found !== undefined) return found;
    }
  }
  throw new EmbeddedUnavailableError(
    'No Redis server here. Set REDIS_URL to one that runs, or install redis or valkey so that it is on the ' +
      'PATH, or start this once as root (or where sudo asks no password), and it is installed for you.' +
      (complaint === '' ? '' : `\n${complaint}`),
  );
}

/** What to put before a command, or undefined where we may not install. */
function rights({ asRoot }: PackageManager): string[] | undefined {
  if (asRoot === isRoot()) return [];
  return asRoot && succeeds('sudo', '-n', 'true') ? ['sudo', '-n'] : undefined;
}

const succeeds = (file: string, ...args: string[]): boolean =>
  spawnSync(file, args, { stdio: 'ignore' }).status === 0;

/** What the command complained about where it failed, else nothing. */
async function run([file = '', ...args]: string[]): Promise<string> {
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  return code === 0 ? '' : complaint.trim();
}
