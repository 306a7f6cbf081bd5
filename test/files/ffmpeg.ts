import { spawnSync } from 'node:child_process';
import { installProgram } from '#libs/system-packages';

const PACKAGES = {
  'apt-get': ['ffmpeg'],
  dnf: ['ffmpeg-free', 'ffmpeg'],
  apk: ['ffmpeg'],
  pacman: ['ffmpeg'],
  brew: ['ffmpeg'],
};

/** Ensures that ffmpeg and ffprobe are on the PATH. @throws Error with instructions if they cannot be installed */
export async function ensureFfmpeg(): Promise<void> {
  if (isInstalled()) return;
  const { program, complaint } = await installProgram({
    name: 'ffmpeg',
    packages: PACKAGES,
    find: () => isInstalled() || undefined,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  if (program) return;
  throw new Error(
    'ffmpeg was not found. Install it so that it is on the PATH, or run this once as root (or with sudo without a ' +
      `password) to install it.\n${complaint}`,
  );
}

const isInstalled = (): boolean =>
  ['ffmpeg', 'ffprobe'].every((name) => spawnSync(name, ['-version'], { stdio: 'ignore' }).status === 0);
