import { ReelportError } from '../../errors.js';
import type { Client } from '../../client.js';
import { ExitCode } from '../exit-codes.js';
import { counted } from '../import/units.js';
import { message } from '../output.js';
import { ofImport } from '../refusal.js';
import { followImports, importsOf, type FollowOptions } from './follow.js';

export interface ApplyOptions extends FollowOptions {
  readonly watch: boolean;
}

/** Runs planned imports, those of the arguments or of the state file of a plan, and follows them to the end. */
export async function apply(
  ids: readonly string[],
  options: ApplyOptions,
  signal: AbortSignal,
): Promise<number> {
  const imports = await importsOf(ids, options);
  let applied = 0;
  for (const id of imports.ids) {
    if (await ofImport(id, isApplied(imports.client, id, signal))) applied += 1;
  }
  const fresh = imports.ids.length - applied;
  message(`${counted(fresh, 'plans')} applied${applied === 0 ? '' : `, ${applied} before`}`);
  return options.watch ? followImports(imports, options, signal) : ExitCode.ok;
}

/** @returns whether it was applied before, such as by a run of this command that was interrupted */
async function isApplied(client: Client, id: string, signal: AbortSignal): Promise<boolean> {
  try {
    await client.imports.apply(id, signal);
    return false;
  } catch (error) {
    if (!(error instanceof ReelportError) || error.status !== 409) throw error;
    const { mode, state } = await client.imports.get(id, signal);
    if (mode === 'plan' && state !== 'planned') return true;
    throw error;
  }
}
