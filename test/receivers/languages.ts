import { spawnSync } from 'node:child_process';
import { installProgram, type PackageManagerName } from '#libs/system-packages';

/** A language in which docs/webhooks has a receiver. */
export interface Language {
  readonly name: string;
  /** A receiver in docs/webhooks. */
  readonly file: string;
  /** Command that succeeds if everything that the receiver needs is installed. */
  readonly probe: readonly [string, ...string[]];
  readonly packages: Readonly<Partial<Record<PackageManagerName, readonly string[]>>>;
  /** Compiles the receiver, if the language requires it. */
  readonly build?: (file: string, program: string) => readonly [string, ...string[]];
  /** Starts it. */
  readonly run: (file: string, program: string, port: number) => readonly [string, ...string[]];
  /** Whether a web server runs the receiver for each request, so that it cannot refuse to start. */
  readonly perRequest?: true;
}

export const LANGUAGES: readonly Language[] = [
  {
    name: 'Node',
    file: 'receive.mjs',
    probe: [process.execPath, '--version'],
    packages: {},
    run: (file) => [process.execPath, file],
  },
  {
    name: 'Python',
    file: 'receive.py',
    probe: ['python3', '-c', 'import sys; assert sys.version_info >= (3, 9)'],
    packages: {
      'apt-get': ['python3'],
      dnf: ['python3'],
      apk: ['python3'],
      pacman: ['python'],
      brew: ['python'],
    },
    run: (file) => ['python3', file],
  },
  {
    name: 'PHP',
    file: 'receive.php',
    probe: ['php', '--version'],
    packages: { 'apt-get': ['php-cli'], dnf: ['php-cli'], apk: ['php'], pacman: ['php'], brew: ['php'] },
    run: (file, _program, port) => ['php', '-S', `127.0.0.1:${port}`, file],
    perRequest: true,
  },
  {
    name: 'Ruby',
    file: 'receive.rb',
    probe: ['ruby', '-e', 'require "webrick"'],
    packages: {
      'apt-get': ['ruby', 'ruby-webrick'],
      dnf: ['rubygem-webrick'],
      apk: ['ruby-webrick'],
      pacman: ['ruby-webrick'],
    },
    run: (file) => ['ruby', file],
  },
  {
    name: 'Go',
    file: 'receive.go',
    probe: ['go', 'version'],
    packages: { 'apt-get': ['golang-go'], dnf: ['golang'], apk: ['go'], pacman: ['go'], brew: ['go'] },
    build: (file, program) => ['go', 'build', '-o', program, file],
    run: (_file, program) => [program],
  },
  {
    name: 'Java',
    file: 'Receive.java',
    probe: ['javac', '-version'],
    packages: {
      'apt-get': ['default-jdk-headless'],
      dnf: ['java-latest-openjdk-devel'],
      apk: ['openjdk17-jdk'],
      pacman: ['jdk-openjdk'],
      brew: ['openjdk'],
    },
    run: (file) => ['java', file],
  },
];

/** Ensures that a language is installed. @throws Error with instructions if it cannot be installed */
export async function ensureLanguage({ name, probe, packages }: Language): Promise<void> {
  const [command, ...args] = probe;
  const isInstalled = (): true | undefined =>
    spawnSync(command, args, { stdio: 'ignore' }).status === 0 || undefined;
  if (isInstalled()) return;
  const { program, complaint } = await installProgram({
    name,
    packages,
    find: isInstalled,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  if (program) return;
  throw new Error(
    `${name} was not found ("${probe.join(' ')}" fails). Install it so that it is on the PATH, or run this once as root ` +
      `(or with sudo without a password) to install it.${complaint === '' ? '' : `\n${complaint}`}`,
  );
}
