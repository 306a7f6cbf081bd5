import { spawnSync } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';
import { installProgram, isRoot, pathOf } from '#libs/system-packages';

const CANDIDATES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PACKAGES = {
  'apt-get': ['chromium', 'chromium-browser'],
  dnf: ['chromium'],
  apk: ['chromium'],
  pacman: ['chromium'],
};

/** Starts a Chromium from the PATH, or else one that the system's package manager installs. */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumPath(),
    // Chromium's own sandbox refuses to work for root; it opens nothing here but pages of ours.
    chromiumSandbox: !isRoot(),
    // The last one: of the ports that tests choose, Chromium refuses this one otherwise.
    args: ['--disable-dev-shm-usage', '--disable-gpu', '--explicitly-allowed-ports=10080'],
  });
}

/** @throws Error with the ways out, where there is no Chromium and none can be installed */
export async function chromiumPath(): Promise<string> {
  return findChromium() ?? installChromium();
}

function findChromium(): string | undefined {
  // Ubuntu's chromium-browser can be a stub that only asks for a snap.
  const found = CANDIDATES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
  return found === undefined ? undefined : pathOf(found);
}

async function installChromium(): Promise<string> {
  const { program, complaint } = await installProgram({
    name: 'Chromium',
    packages: PACKAGES,
    find: findChromium,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  if (program !== undefined) return program;
  throw new Error(
    'No Chromium here. Install chromium or Google Chrome so that it is on the PATH, or run this once as root (or ' +
      'where sudo asks no password), and it is installed for you.' +
      (complaint === '' ? '' : `\n${complaint}`),
  );
}
