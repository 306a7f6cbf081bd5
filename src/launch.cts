/**
 * Starts a role: `node dist/src/launch.cjs standalone | api | worker`.
 *
 * CommonJS: libuv reads the size of its thread pool once, and loading the first ES module starts that pool.
 */
const ROLES: Readonly<Record<string, () => Promise<unknown>>> = {
  standalone: () => import('./standalone.js'),
  api: () => import('./main.js'),
  worker: () => import('./worker.js'),
};
/** Threads for file operations and DNS lookups; 4, the default, would let downloads wait for each other. */
const WORKER_THREADS = '16';

const [, , role = ''] = process.argv;
const start = ROLES[role];
if (start === undefined) {
  process.stderr.write(`Unknown role "${role}": use ${Object.keys(ROLES).join(', ')}\n`);
  process.exit(1);
}
process.setSourceMapsEnabled(true);
if (role !== 'api') process.env['UV_THREADPOOL_SIZE'] ??= WORKER_THREADS;
void start();
