import 'reflect-metadata';
import { pathToFileURL } from 'node:url';
import type { ThreadEntry } from '#libs/threads';
import type { Extension } from './extension/define-extension.js';
import type { Installation } from './cli/installation.js';
import { declareScopes } from './auth/scopes.js';
import { takeIsolationOrder } from './config/isolation.js';
import { sizeThreadPool } from './config/thread-pool.js';
import { Extensions } from './extension/extensions.js';

export interface ReelportOptions {
  /** In this order their steps and migrations run. */
  readonly extensions: readonly Extension[];
}

/** An installation of Reelport with its extensions. */
export interface ReelportApp {
  /**
   * Runs a command: `start` (both roles), `start:api`, `start:worker`, `token …`, `project …`, `migrate`, `openapi`.
   *
   * @param args arguments after the program name; those of this process by default
   */
  run(args?: readonly string[]): Promise<void>;
}

/** Creates an installation of Reelport. Nothing runs before `run()`, which first reports every fault of the extensions. */
export function createReelport({ extensions }: ReelportOptions): ReelportApp {
  // From JavaScript, or in a circle of imports, an extension may be missing; `run()` reports it.
  for (const extension of extensions)
    if (extension?.scopes?.purposes) declareScopes(extension.scopes.purposes);
  return { run: (args = process.argv.slice(2)) => run(args, extensions) };
}

/** Roles that download. */
const DOWNLOADING: readonly string[] = ['start', 'start:worker'];

/** Modules are loaded when their command needs them: a process with few file descriptors could not load all. */
async function run(args: readonly string[], extensions: readonly Extension[]): Promise<void> {
  const order = takeIsolationOrder();
  if (order !== undefined)
    return (await import('./media/isolation/serve-kind.js')).serveKind(extensions, order);
  const { 0: command = 'start' } = args;
  const warning = DOWNLOADING.includes(command) ? sizeThreadPool() : undefined;
  if (extensions.length > 0) await checkOrExit(extensions);
  if (warning !== undefined) process.stderr.write(`${warning}\n`);
  const roles = rolesOf(extensions);
  const start = roles[command];
  if (start !== undefined && args.length <= 1) return start();
  const { commandLine } = await import('./cli/command-line.js');
  const code = await commandLine(args, installationOf(extensions));
  // After a signal, in-flight work may hang on a connection to an external database.
  if (code > 128) process.exit(code);
  process.exitCode = code;
}

/** What the command line acts on. */
export function installationOf(extensions: readonly Extension[]): Installation {
  return {
    extensions,
    mediaKinds: ['videos', ...new Extensions(extensions).mediaKinds.map(({ name }) => name)],
    roles: rolesOf(extensions),
    ownNames: async () => (await import('./own-names.js')).ownNames(),
    coreEntities: async () => (await import('./core-entities.js')).coreEntities(),
    openApi: async () => (await import('./start/openapi-text.js')).openApiText(extensions),
  };
}

function rolesOf(extensions: readonly Extension[]): Installation['roles'] {
  return {
    start: async () => (await import('./start/run-standalone.js')).runStandalone(extensions, ownProgram()),
    'start:api': async () => (await import('./start/run-api.js')).runApi(extensions),
    'start:worker': async () => (await import('./start/run-worker.js')).runWorker(extensions, ownProgram()),
  };
}

/** Flags of Node.js that concern one process only. */
const OWN_FLAGS = /^--(?:inspect|watch|test|cpu-prof|heap-prof|max-old-space-size)/;

/** The program of this process, for processes of isolated kinds. */
function ownProgram(): ThreadEntry {
  const execArgv = process.execArgv.filter((flag) => !OWN_FLAGS.test(flag));
  return { entry: pathToFileURL(process.argv[1] ?? ''), execArgv };
}

/** Ends the process with one line per fault, before any module of an extension is loaded by Nest. */
async function checkOrExit(extensions: readonly Extension[]): Promise<void> {
  const { extensionFaults } = await import('./extension/faults.js');
  const { ExtensionError } = await import('./config/extension-error.js');
  const { ownNames } = await import('./own-names.js');
  const faults = extensionFaults(extensions, ownNames());
  if (faults.length === 0) return;
  process.stderr.write(`${new ExtensionError(faults).message}\n`);
  process.exit(1);
}
