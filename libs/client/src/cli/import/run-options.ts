import { resolve } from 'node:path';
import type { ServerOptions } from '../session.js';
import type { Source } from '../input/source.js';
import type { InputOptions } from './checked-input.js';
import type { ProgressMode } from './progress.js';

/** Options that `import` and `plan` share. */
export interface RunOptions extends ServerOptions, InputOptions {
  readonly system: string;
  readonly batch: number;
  readonly state?: string;
  readonly again: boolean;
  readonly result?: string;
  readonly webhook?: string;
  readonly check: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** `FILE.reelport.json`, and `FILE.plan.json` for plans. */
export function statePath(
  { name, sha256 }: Source,
  { state, mode }: { readonly state?: string; readonly mode: 'run' | 'plan' },
): string {
  if (state !== undefined) return state;
  const input = name === '-' ? `stdin-${sha256.slice(0, 12)}` : name;
  return resolve(`${input}.${mode === 'plan' ? 'plan' : 'reelport'}.json`);
}

export function progressMode({ json, quiet }: { json: boolean; quiet: boolean }): ProgressMode {
  if (quiet) return 'quiet';
  if (json) return 'json';
  return process.stderr.isTTY ? 'terminal' : 'lines';
}
