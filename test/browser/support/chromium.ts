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

/** Starts a Chromium from the PATH, or installs one with the package manager of the system. */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumPath(),
    // The sandbox of Chromium refuses to run as root. It opens only our own pages here.
    chromiumSandbox: !isRoot(),
    // Chromium blocks port 10080 by default; tests may choose it.
    args: ['--disable-dev-shm-usage', '--disable-gpu', '--explicitly-allowed-ports=10080'],
  });
}

/** @throws Error with instructions if Chromium is missing and cannot be installed */
export async function chromiumPath(): Promise<string> {
  return findChromium() ?? installChromium();
}

function findChromium(): string | undefined {
  // On Ubuntu, chromium-browser may be a stub that requires a snap.
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
    'Chromium was not found. Install chromium or Google Chrome so that it is on the PATH, or run this once as root ' +
      '(or with sudo without a password) to install it.' +
      (complaint === '' ? '' : `\n${complaint}`),
  );
}
