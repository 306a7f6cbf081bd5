import { installProgram, pathOf } from '#libs/system-packages';

const PACKAGES = { 'apt-get': ['jq'], dnf: ['jq'], apk: ['jq'], pacman: ['jq'], brew: ['jq'] };
const find = (): string | undefined => pathOf('jq');

/** Ensures that jq is on the PATH, for commands of the documents. @throws Error with instructions if it cannot be installed */
export async function ensureJq(): Promise<void> {
  if (find() !== undefined) return;
  const { program, complaint } = await installProgram({
    name: 'jq',
    packages: PACKAGES,
    find,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  if (program !== undefined) return;
  throw new Error(
    'jq was not found. Install it so that it is on the PATH, or run this once as root (or with sudo without a ' +
      `password) to install it.\n${complaint}`,
  );
}
