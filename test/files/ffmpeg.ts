import { spawnSync } from 'node:child_process';
import { installProgram } from '#libs/system-packages';

const PACKAGES = {
  'apt-get': ['ffmpeg'],
  dnf: ['ffmpeg-free', 'ffmpeg'],
  apk: ['ffmpeg'],
  pacman: ['ffmpeg'],
  brew: ['ffmpeg'],
};

/** Makes sure that ffmpeg and ffprobe are on the PATH. @throws Error with the ways out, where they cannot be installed */
export async function ensureFfmpeg(): Promise<void> {
  if (isThere()) return;
  const { program, complaint } = await installProgram({
    name: 'ffmpeg',
    packages: PACKAGES,
    find: () => isThere() || undefined,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  if (program) return;
  throw new Error(
    'No ffmpeg here. Install ffmpeg so that it is on the PATH, or run this once as root (or where sudo asks no ' +
      `password), and it is installed for you.\n${complaint}`,
  );
}

const isThere = (): boolean =>
  ['ffmpeg', 'ffprobe'].every((name) => spawnSync(name, ['-version'], { stdio: 'ignore' }).status === 0);
