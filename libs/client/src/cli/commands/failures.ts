import type { FailureGroup } from '../../imports.js';
import { ExitCode } from '../exit-codes.js';
import { data, jsonOf, printable } from '../output.js';
import { ofImport } from '../refusal.js';
import { importsOf, type NamedOptions } from './follow.js';

export interface FailuresOptions extends NamedOptions {
  readonly json: boolean;
}

/** Prints the failed items of imports by cause, and what to do about each. */
export async function failures(ids: readonly string[], options: FailuresOptions): Promise<number> {
  const imports = await importsOf(ids, options);
  const groups = new Map<string, FailureGroup>();
  for (const id of imports.ids) {
    for (const group of await ofImport(id, imports.client.imports.failures(id))) {
      const key = JSON.stringify([group.code, group.host, group.httpStatus, group.waiting]);
      const known = groups.get(key);
      groups.set(key, known === undefined ? group : { ...known, count: known.count + group.count });
    }
  }
  const sorted = [...groups.values()].toSorted((one, other) => other.count - one.count);
  if (options.json) data(`${jsonOf(sorted, 2)}\n`);
  else data(sorted.length === 0 ? 'No failures\n' : sorted.map(describe).join('\n'));
  return ExitCode.ok;
}

function describe({ code, host, httpStatus, waiting, count, cause, cure, sample }: FailureGroup): string {
  const status = httpStatus === null ? '' : ` ${httpStatus}`;
  const from = host === null ? '' : ` from ${host}`;
  const url = sample.url === null ? '' : ` (${sample.url})`;
  const lines = [
    `${count} × ${code}${status}${from}: ${cause ?? sample.reason ?? ''}${waiting ? ', will be retried' : ''}`,
    `  ${cure}`,
    `  for example ${sample.externalId}${url}`,
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}
