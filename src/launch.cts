/**
 * Starts a role: `node dist/src/launch.cjs standalone | api | worker`.
 *
 * CommonJS: libuv reads the size of its thread pool once, and loading the first ES module starts that pool.
 */
const ENTRIES: Readonly<Record<string, string>> = {
  standalone: './standalone.js',
  api: './main.js',
  worker: './worker.js',
};
/** Threads for file operations and DNS lookups; 4, the default, would let downloads wait for each other. */
const WORKER_THREADS = '16';

const [, , role = ''] = process.argv;
const entry = ENTRIES[role];
if (entry === undefined) {
  process.stderr.write(`Unknown role "${role}": use ${Object.keys(ENTRIES).join(', ')}\n`);
  process.exit(1);
}
process.setSourceMapsEnabled(true);
if (role !== 'api') process.env['UV_THREADPOOL_SIZE'] ??= WORKER_THREADS;
void import(entry);
