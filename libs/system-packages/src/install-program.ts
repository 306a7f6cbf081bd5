import { spawn, spawnSync } from 'node:child_process';
import { isRoot } from './is-root.js';
import { PACKAGE_MANAGERS, type PackageManager, type PackageManagerName } from './package-managers.js';

/** A program to install, and its packages. */
export interface ProgramInstallation<Program> {
  /** Name for the log line. */
  readonly name: string;
  /** Packages that contain it, by package manager; tried in turn until `find` succeeds. */
  readonly packages: Readonly<Partial<Record<PackageManagerName, readonly string[]>>>;
  /** Looks for the program; returns undefined if it is not installed. */
  readonly find: () => Program | undefined;
  /** Called with one line before anything is installed. */
  readonly log: (line: string) => void;
}

/** The outcome of an installation. */
export interface InstalledProgram<Program> {
  /** Result of `find`; undefined if the installation failed. */
  readonly program: Program | undefined;
  /** Last error output of the package manager; empty if there was none. */
  readonly complaint: string;
}

/**
 * Installs a program with the system's package manager, if that works without interaction.
 *
 * @returns the program, or the error output of the package manager
 */
export async function installProgram<Program>({
  name,
  packages,
  find,
  log,
}: ProgramInstallation<Program>): Promise<InstalledProgram<Program>> {
  const manager = PACKAGE_MANAGERS.find((each) => succeeds('which', each.name));
  const candidates = manager && packages[manager.name];
  const prefix = manager && rights(manager);
  let complaint = '';
  if (manager !== undefined && candidates !== undefined && prefix !== undefined) {
    log(`${name} not found: installing it with ${manager.name} …`);
    if (manager.prepare !== undefined) complaint = await run([...prefix, ...manager.prepare.split(' ')]);
    for (const candidate of candidates) {
      complaint = await run([...prefix, ...manager.install.split(' '), candidate]);
      const program = find();
      if (program !== undefined) return { program, complaint: '' };
    }
  }
  return { program: undefined, complaint };
}

/** Returns the prefix of install commands; undefined if this process may not install. */
function rights({ asRoot }: PackageManager): string[] | undefined {
  if (asRoot === isRoot()) return [];
  return asRoot && succeeds('sudo', '-n', 'true') ? ['sudo', '-n'] : undefined;
}

const succeeds = (file: string, ...args: string[]): boolean =>
  spawnSync(file, args, { stdio: 'ignore' }).status === 0;

/** Runs a command. @returns its error output if it failed, otherwise an empty string */
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
