import { spawn, spawnSync } from 'node:child_process';
import { isRoot } from './is-root.js';
import { PACKAGE_MANAGERS, type PackageManager, type PackageManagerName } from './package-managers.js';

export interface ProgramInstallation<Program> {
  /** As a person calls it. */
  readonly name: string;
  /** Packages that hold it, by package manager; they are tried in turn until the program is there. */
  readonly packages: Readonly<Partial<Record<PackageManagerName, readonly string[]>>>;
  /** Looks for the program; undefined where it is not there. */
  readonly find: () => Program | undefined;
  /** Told in one line before anything is installed. */
  readonly log: (line: string) => void;
}

export interface InstalledProgram<Program> {
  /** Undefined where it could not be installed. */
  readonly program: Program | undefined;
  /** What the package manager complained about last; empty where it did not. */
  readonly complaint: string;
}

/** Installs a program with the system's package manager, where that needs nobody at the keyboard. */
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
    log(`No ${name} on this machine: installing it with ${manager.name} …`);
    if (manager.prepare !== undefined) complaint = await run([...prefix, ...manager.prepare.split(' ')]);
    for (const candidate of candidates) {
      complaint = await run([...prefix, ...manager.install.split(' '), candidate]);
      const program = find();
      if (program !== undefined) return { program, complaint: '' };
    }
  }
  return { program: undefined, complaint };
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
