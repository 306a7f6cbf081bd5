import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, open, readFile, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeBody } from './write-body.js';

const MB = 1_000_000;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-body-'));
  path = join(folder, 'video');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A body in chunks of this size. */
function inPieces(bytes: Buffer, length: number): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / length) }, (_, place) =>
    bytes.subarray(place * length, (place + 1) * length),
  );
  return Readable.from(pieces);
}

/** Chunks after the first ones wait for the gate. */
function gated(pieces: readonly Buffer[], first: number, gate: Promise<unknown>): Readable {
  return Readable.from(
    (async function* () {
      for (const [place, piece] of pieces.entries()) {
        if (place === first) await gate;
        yield piece;
      }
    })(),
  );
}

/** Limits the file size of this process; prlimit is part of every Linux (util-linux). */
function limitFileSize(bytes: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
}

/** The prototype of all file handles. */
async function handlePrototype(): Promise<FileHandle> {
  const handle = await open(folder);
  await handle.close();
  return Object.getPrototypeOf(handle);
}

describe('a written body', () => {
  it.each([
    ['one by one', 3_000, 1],
    ['in chunks of a network packet', 2 * MB, 1_460],
    ['in chunks of 64 KiB', 5 * MB, 65_536],
    ['in one chunk', 3 * MB, 3 * MB],
    ['not at all', 0, 1],
  ])('is in the file with its size and hash if it comes %s', async (_, size, length) => {
    const bytes = randomBytes(size);
    const written = await writeBody(path, inPieces(bytes, length), {
      from: 0,
      length: null,
      flushAhead: true,
    });
    expect(written).toEqual({ size, sha256: sha256(bytes), received: size });
    expect(bytes.equals(await readFile(path))).toBe(true);
  });

  it('replaces the content of the file', async () => {
    await writeFile(path, randomBytes(2 * MB));
    const bytes = randomBytes(MB);
    await writeBody(path, inPieces(bytes, 65_536), { from: 0, length: null, flushAhead: false });
    expect(bytes.equals(await readFile(path))).toBe(true);
  });

  it('is appended to the kept bytes and hashed with them', async () => {
    const bytes = randomBytes(3 * MB);
    await writeFile(path, bytes.subarray(0, MB));
    const written = await writeBody(path, inPieces(bytes.subarray(MB), 65_536), {
      from: MB,
      length: null,
      flushAhead: true,
    });
    expect(written).toEqual({ size: 3 * MB, sha256: sha256(bytes), received: 2 * MB });
    expect(bytes.equals(await readFile(path))).toBe(true);
  });

  it('is abandoned if it exceeds its length', async () => {
    const body = inPieces(randomBytes(3 * MB), 1_000);
    const written = await writeBody(path, body, { from: 0, length: 999_500, flushAhead: false });
    expect(written.received).toBe(MB);
    expect((await stat(path)).size).toBe(999_000);
    expect(body.destroyed).toBe(true);
  });

  it('leaves the bytes received before a break in the file', async () => {
    const bytes = randomBytes(2 * MB);
    const body = Readable.from(
      (function* () {
        yield bytes.subarray(0, 1_500_000);
        yield bytes.subarray(1_500_000, 1_500_001);
        throw new Error('connection reset');
      })(),
    );
    await expect(writeBody(path, body, { from: 0, length: null, flushAhead: true })).rejects.toThrow(
      'connection reset',
    );
    expect(bytes.subarray(0, 1_500_001).equals(await readFile(path))).toBe(true);
  });

  it('is written early if it comes in many small chunks', async () => {
    const gate = new EventEmitter();
    const body = gated(
      Array.from({ length: 65 }, () => Buffer.alloc(1)),
      64,
      once(gate, 'open'),
    );
    const writing = writeBody(path, body, { from: 0, length: null, flushAhead: false });
    await expect.poll(async () => (await stat(path)).size).toBe(64);
    gate.emit('open');
    expect((await writing).size).toBe(65);
  });

  it('fills a nearly full disk, then reports that no space is left', async () => {
    limitFileSize('1234567');
    try {
      const body = inPieces(randomBytes(1_300_000), 50_000);
      await expect(writeBody(path, body, { from: 0, length: null, flushAhead: false })).rejects.toMatchObject(
        {
          code: 'EFBIG',
        },
      );
      expect(body.destroyed).toBe(true);
    } finally {
      limitFileSize('unlimited');
    }
    expect((await stat(path)).size).toBe(1_234_567);
  });
});

describe('a body that is flushed ahead', () => {
  it('is flushed while it arrives', async () => {
    const gate = new EventEmitter();
    const datasync = vi.spyOn(await handlePrototype(), 'datasync');
    const writing = writeBody(
      path,
      gated(
        Array.from({ length: 20 }, () => Buffer.alloc(MB)),
        10,
        once(gate, 'open'),
      ),
      { from: 0, length: null, flushAhead: true },
    );
    await expect.poll(() => datasync.mock.calls.length).toBe(1);
    gate.emit('open');
    await writing;
    expect(datasync).toHaveBeenCalledTimes(2);
  });

  it('fails if a flush does', async () => {
    const datasync = vi.spyOn(await handlePrototype(), 'datasync');
    datasync.mockRejectedValueOnce(Object.assign(new Error('The disk is broken'), { code: 'EIO' }));
    const body = inPieces(Buffer.alloc(20 * MB), MB);
    await expect(writeBody(path, body, { from: 0, length: null, flushAhead: true })).rejects.toMatchObject({
      code: 'EIO',
    });
  });

  it('is not flushed unless requested', async () => {
    const datasync = vi.spyOn(await handlePrototype(), 'datasync');
    await writeBody(path, inPieces(Buffer.alloc(20 * MB), MB), { from: 0, length: null, flushAhead: false });
    expect(datasync).not.toHaveBeenCalled();
  });
});
