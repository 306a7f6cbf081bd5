import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { FileInHand, MediaKindPart } from '../extension/define-media-kind.js';
import { faultyFields } from '../extension/shape.js';
import type { Tools } from '../extension/tools.js';

/** One rule of the contract, for any test runner: `test(name, run)`. */
export interface KindCase {
  readonly name: string;
  /** @throws AssertionError of node:assert if the rule is broken */
  readonly run: () => Promise<void>;
}

/** A file that `identify` must accept. */
export interface GoodFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The expected MIME type; not compared by default. */
  readonly mimeType?: string;
  /** The expected facts; not compared by default. */
  readonly facts?: object;
}

/** A file that `identify` must refuse. */
export interface BadFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The expected code. */
  readonly code: string;
}

/** Files for the contract of a kind. */
export interface KindSamples {
  readonly good: readonly [GoodFile, ...GoodFile[]];
  readonly bad: readonly BadFile[];
}

/** The error of `tools.fail()`. */
class Verdict extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** Codes that every kind of media has. */
const COMMON_CODES = ['TRUNCATED'];

/**
 * The rules that `identify` of a media kind must keep, without a running Reelport.
 *
 * @param kind result of `defineMediaKind()`
 * @param samples files that it must accept and refuse
 * @returns cases for a test runner: `for (const { name, run } of kindContract(…)) test(name, run)`
 */
export function kindContract(kind: MediaKindPart, { good, bad }: KindSamples): KindCase[] {
  const codes = new Set([...Object.keys(kind.codes), ...COMMON_CODES]);
  return [
    ...good.map(({ name, bytes, mimeType, facts }) => ({
      name: `${kind.name} accepts ${name}, in memory and on disk alike`,
      run: async (): Promise<void> => {
        const inMemory = await identify(kind, inHand(bytes));
        assert.ok(
          Object.hasOwn(kind.types, inMemory.mimeType),
          `types does not declare ${inMemory.mimeType}`,
        );
        assert.deepEqual(
          faultyFields(kind.facts, inMemory.facts),
          [],
          'facts are missing or of another type',
        );
        if (mimeType !== undefined) assert.equal(inMemory.mimeType, mimeType);
        if (facts !== undefined) assert.deepEqual(inMemory.facts, facts);
        assert.deepEqual(await onDisk(kind, bytes), inMemory);
      },
    })),
    ...bad.map(({ name, bytes, code }) => ({
      name: `${kind.name} refuses ${name} as ${code}`,
      run: async (): Promise<void> => {
        assert.ok(codes.has(code), `codes does not declare ${code}`);
        assert.equal(await codeOf(identify(kind, inHand(bytes))), code);
        assert.equal(await codeOf(onDisk(kind, bytes)), code);
      },
    })),
    {
      name: `${kind.name} answers every damaged file with a declared code`,
      run: async (): Promise<void> => {
        for (const { name, bytes } of good) {
          for (const damaged of [
            bytes.subarray(0, 0),
            bytes.subarray(0, 7),
            bytes.subarray(0, bytes.length / 2),
          ]) {
            const code = await codeOf(identify(kind, inHand(damaged)));
            const what = `the first ${damaged.length} bytes of ${name}`;
            assert.ok(code === undefined || codes.has(code), `${what}: codes does not declare ${code}`);
          }
        }
      },
    },
    {
      name: `${kind.name} tells the same of a file while it identifies others`,
      run: async (): Promise<void> => {
        const alone = [];
        for (const { bytes } of good) alone.push(await identify(kind, inHand(bytes)));
        assert.deepEqual(await Promise.all(good.map(({ bytes }) => identify(kind, inHand(bytes)))), alone);
      },
    },
  ];
}

/** @returns the code of a refusal, undefined for an accepted file; @throws any other error */
async function codeOf(identified: Promise<unknown>): Promise<string | undefined> {
  try {
    await identified;
    return undefined;
  } catch (error) {
    if (error instanceof Verdict) return error.code;
    throw error;
  }
}

function identify(kind: MediaKindPart, file: FileInHand): Promise<{ mimeType: string; facts: object }> {
  return kind.identify(file, toolsOf(kind.name));
}

/** Identifies the bytes as a file, which must not change. */
async function onDisk(kind: MediaKindPart, bytes: Uint8Array): Promise<{ mimeType: string; facts: object }> {
  const folder = await mkdtemp(join(tmpdir(), 'reelport-kind-'));
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  try {
    const found = await identify(kind, inHand(bytes, path));
    assert.ok((await readFile(path)).equals(bytes), 'identify() changed the file');
    return found;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function inHand(bytes: Uint8Array, path?: string): FileInHand {
  return {
    source: path ?? bytes,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    lengthDeclared: true,
    stream: () => (path === undefined ? Readable.from([bytes]) : createReadStream(path)),
  };
}

function silent(): void {}

function toolsOf(kind: string): Tools {
  return {
    item: {
      kind,
      projectId: 1,
      importId: 'test',
      systemName: 'test',
      externalId: 'test',
      title: 'test',
      sequence: 1n,
      lastCode: null,
    },
    signal: new AbortController().signal,
    logger: { log: silent, warn: silent, error: silent },
    fail: (code) => new Verdict(code),
    get: () => {
      throw new Error('Providers need a running Reelport: use startReelport()');
    },
  };
}
