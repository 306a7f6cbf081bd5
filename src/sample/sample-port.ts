import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'sample-archive.port';
const LARGEST_PORT = 65_535;

/** The port of the previous start; undefined if there was none, or its record is unreadable. */
export function keptPort(dataDir: string): number | undefined {
  const file = join(dataDir, FILE);
  const port = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return Number.isInteger(port) && port > 0 && port <= LARGEST_PORT ? port : undefined;
}

/** Keeps the port for the next start. */
export function keepPort(dataDir: string, port: number): void {
  writeFileSync(join(dataDir, FILE), `${port}\n`, { mode: 0o600 });
}
