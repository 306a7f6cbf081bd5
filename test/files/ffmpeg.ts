import { spawnSync } from 'node:child_process';

const INSTALL = [
  'apt-get update -q',
  'apt-get -o DPkg::Lock::Timeout=120 install -q -y --no-install-recommends ffmpeg',
];

/** Makes sure that ffmpeg and ffprobe are on the PATH: installs them where Debian's package manager may. */
export function ensureFfmpeg(): void {
  if (isThere()) return;
  process.stderr.write('No ffmpeg on this machine: installing it with apt-get …\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const command of INSTALL) spawnSync('/bin/sh', ['-c', command], { stdio: 'ignore', env });
  if (isThere()) return;
  throw new Error(
    'No ffmpeg here. Install ffmpeg so that it is on the PATH, or run this once as root on Debian.',
  );
}

const isThere = (): boolean =>
  ['ffmpeg', 'ffprobe'].every((name) => spawnSync(name, ['-version'], { stdio: 'ignore' }).status === 0);
