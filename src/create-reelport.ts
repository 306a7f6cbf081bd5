import 'reflect-metadata';
import type { Extension } from './extension/define-extension.js';
import { declareScopes } from './auth/scopes.js';

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

/** Creates an installation of Reelport. Nothing runs before `run()`. */
export function createReelport({ extensions }: ReelportOptions): ReelportApp {
  for (const { scopes } of extensions) if (scopes !== undefined) declareScopes(scopes.purposes);
  return { run: (args = process.argv.slice(2)) => run(args, extensions) };
}

/** Modules are loaded when their command needs them: a process with few file descriptors could not load all. */
async function run(args: readonly string[], extensions: readonly Extension[]): Promise<void> {
  const [command = 'start'] = args;
  if (command === 'start') return (await import('./run-standalone.js')).runStandalone(extensions);
  if (command === 'start:api') return (await import('./run-api.js')).runApi(extensions);
  if (command === 'start:worker') return (await import('./run-worker.js')).runWorker(extensions);
  const { commandLine } = await import('./cli/command-line.js');
  const code = await commandLine(args);
  // After a signal, in-flight work may hang on a connection to an external database.
  if (code > 128) process.exit(code);
  process.exitCode = code;
}
