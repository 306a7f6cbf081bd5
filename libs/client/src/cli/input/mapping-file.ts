import { readFile, writeFile } from 'node:fs/promises';
import { CommandError, ExitCode } from '../exit-codes.js';
import type { Mapping } from '../../table/mapping.js';

/** Reads a saved mapping. @returns undefined if the file does not exist. @throws CommandError if it does not fit */
export async function readMapping(path: string, columns: readonly string[]): Promise<Mapping | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const mapping = mappingOf(text);
  if (mapping === undefined) throw new CommandError(`${path} is no mapping`, ExitCode.usage);
  const { id, url, title, sha256 = null, size = null, wholeMetadata, metadata } = mapping;
  const columnsOfFields = [id, url, title, sha256, size, wholeMetadata];
  const named = [...columnsOfFields, ...Object.values(metadata)].filter((name) => name !== null);
  const missing = named.filter((name) => !columns.includes(name));
  if (missing.length === 0) return mapping;
  throw new CommandError(
    `The mapping ${path} names columns that the input does not have: ${missing.join(', ')}`,
    ExitCode.usage,
  );
}

export async function writeMapping(path: string, mapping: Mapping): Promise<void> {
  await writeFile(path, `${JSON.stringify(mapping, null, 2)}\n`);
}

function mappingOf(text: string): Mapping | undefined {
  try {
    const value: Partial<Mapping> | null = JSON.parse(text);
    if (typeof value?.id !== 'string' || typeof value.url !== 'string') return undefined;
    const { id, url, title = null, sha256 = null, size = null, wholeMetadata = null, metadata = {} } = value;
    return { id, url, title, sha256, size, wholeMetadata, metadata };
  } catch {
    return undefined;
  }
}
