import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { decoded, EncodingSurvey } from '../../table/encoding.js';
import type { TableInput } from '../../table/input.js';
import { CommandError, ExitCode } from '../exit-codes.js';
import { fileCause } from '../file-error.js';

/** An input of the command line. */
export interface Source extends TableInput {
  /** As given; `-` is stdin. */
  readonly name: string;
  /** Lower-case hex; identifies the input when a run resumes. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** Removes the copy of stdin. */
  remove(): Promise<void>;
}

/**
 * Opens an input and reads it once, for its hash and its encoding.
 *
 * @param file path, or `-` for stdin, which is copied to a temporary file
 */
export async function openSource(file: string): Promise<Source> {
  const { path, remove } = file === '-' ? await copyOfStdin() : { path: file, remove: async () => undefined };
  try {
    const facts = await surveyOf(path);
    return { name: file, ...facts, text: () => decoded(createReadStream(path), facts.encoding), remove };
  } catch (error) {
    await remove();
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      throw new CommandError(`Cannot read ${file}: ${fileCause(error)}`, ExitCode.input);
    }
    throw error;
  }
}

async function copyOfStdin(): Promise<{ path: string; remove: () => Promise<undefined> }> {
  const folder = await mkdtemp(join(tmpdir(), 'reelport-input-'));
  const path = join(folder, 'stdin');
  await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }));
  return { path, remove: () => rm(folder, { recursive: true, force: true }).then(() => undefined) };
}

async function surveyOf(path: string): Promise<Pick<Source, 'sha256' | 'size' | 'encoding' | 'hasBom'>> {
  const hash = createHash('sha256');
  const survey = new EncodingSurvey();
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    survey.add(chunk);
  }
  return { sha256: hash.digest('hex'), size, ...survey.end() };
}
