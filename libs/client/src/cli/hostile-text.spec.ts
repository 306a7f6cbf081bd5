import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign, exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runClient } from './program.js';

/** Clears the screen, in both spellings of its beginning; then a line that the program did not write. */
const HOSTILE = 'a\u001b[2J\u009b2J\u007f\r\nall items were imported';
const CONTROL = /[^\P{Cc}\n]/u;

let server: Server;
/** Bodies by path. */
let bodies: Record<string, string>;
let folder: string;
let stdout: string;
let stderr: string;

/** Takes what would be written. */
const kept =
  (keep: (text: string) => void) =>
  (chunk: string | Uint8Array): boolean => {
    keep(Buffer.from(chunk).toString());
    return true;
  };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-hostile-'));
  bodies = {};
  server = createServer(({ url = '' }, response) => {
    const body = bodies[url.split('?', 1)[0] ?? ''];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(body ?? JSON.stringify({ status: 404, error: 'Not Found', error_details: { id: HOSTILE } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = Object(server.address());
  vi.stubEnv('REELPORT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('REELPORT_TOKEN', 'secret');
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation(kept((text) => (stdout += text)));
  vi.spyOn(process.stderr, 'write').mockImplementation(kept((text) => (stderr += text)));
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<number> => runClient(args, new AbortController().signal);

/** Runs with stdout as a terminal, or as a pipe. */
async function runOn(isTTY: boolean, ...args: string[]): Promise<number> {
  const before = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY');
  Object.defineProperty(process.stdout, 'isTTY', { value: isTTY, configurable: true });
  try {
    return await run(...args);
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.stdout, 'isTTY');
    else Object.defineProperty(process.stdout, 'isTTY', before);
  }
}

describe('text of others', () => {
  const group = {
    code: 'HTTP_STATUS',
    host: 'a.example',
    httpStatus: 404,
    waiting: false,
    count: 1,
    cause: null,
    cure: 'Ask',
    sample: { externalId: HOSTILE, reason: HOSTILE, url: null },
  };

  it('neither controls the terminal nor begins a line in the list of failures', async () => {
    bodies['/api/v1/imports/abc/failures'] = JSON.stringify({ results: [group] });
    expect(await run('failures', 'abc')).toBe(0);
    expect(stdout).toContain('for example a');
    expect(stdout).not.toMatch(CONTROL);
    expect(stdout).not.toMatch(/^all items/m);
  });

  it('is escaped in JSON, whose value stays the same', async () => {
    bodies['/api/v1/imports/abc/failures'] = JSON.stringify({ results: [group] });
    expect(await run('failures', 'abc', '--json')).toBe(0);
    expect(stdout).not.toMatch(CONTROL);
    expect(JSON.parse(stdout)).toMatchObject([{ sample: { externalId: HOSTILE } }]);
  });

  it('neither controls the terminal nor begins a line in messages', async () => {
    expect(await run('failures', 'unknown')).not.toBe(0);
    expect(stderr).toContain('all items were imported');
    expect(stderr).not.toMatch(CONTROL);
    expect(stderr).not.toMatch(/^all items/m);
  });

  it('does not control the terminal in a report, which programs get byte for byte', async () => {
    const csv = `externalId,state\r\n"${HOSTILE}",failed\r\n`;
    const ndjson = `${JSON.stringify({ externalId: HOSTILE })}\n`;
    for (const [format, text] of [
      ['csv', csv],
      ['ndjson', ndjson],
    ] as const) {
      bodies['/api/v1/imports/abc/report'] = text;
      stdout = '';
      expect(await runOn(false, 'report', 'abc', '--format', format)).toBe(0);
      expect(stdout).toBe(text);
      stdout = '';
      expect(await runOn(true, 'report', 'abc', '--format', format)).toBe(0);
      expect(stdout).toContain('all items were imported');
      expect(stdout).not.toMatch(CONTROL);
    }
  });

  it('starts no formula in a result file', async () => {
    const progress = { total: 1, success: 0, skipped: 0, failed: 1 };
    bodies['/api/v1/imports/abc'] = JSON.stringify({
      id: 'abc',
      progress,
      finishedAt: '2020-01-01T00:00:00Z',
    });
    bodies['/api/v1/imports/abc/report'] =
      `${JSON.stringify({ externalId: '\n=1+1', state: 'failed', code: 'C', reason: '@SUM(A1)' })}\n`;
    const file = join(folder, 'result.csv');
    await run('watch', 'abc', '--result', file, '--quiet');
    expect(await readFile(file, 'utf8')).toContain(`"'\n=1+1",,failed,C,'@SUM(A1)`);
  });
});

describe('a receipt of another server', () => {
  const payload = {
    importId: 'abc',
    project: 'p',
    kind: 'videos',
    systemName: 's',
    state: 'success',
    totals: { total: 0, success: 0, skipped: 0, failed: 0 },
    // Of no lines.
    ledger: { leaves: 0, root: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
  };

  /** @returns the files of a receipt that is signed with a key of its own */
  async function receiptOf(
    importId: string,
    ledger = payload.ledger,
  ): Promise<{ receipt: string; jwks: string }> {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA');
    const keys: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'EdDSA' }] };
    const signed = await new CompactSign(Buffer.from(JSON.stringify({ ...payload, importId, ledger })))
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k', typ: 'reelport-receipt+jwt' })
      .sign(privateKey);
    const [receipt, jwks] = [join(folder, 'given.jws'), join(folder, 'keys.json')];
    await writeFile(receipt, signed);
    await writeFile(jwks, JSON.stringify(keys));
    return { receipt, jwks };
  }

  it('is kept under the id of its import', async () => {
    const { receipt, jwks } = await receiptOf('abc');
    expect(await run('verify', receipt, '--jwks', jwks, '--save', join(folder, 'kept'))).toBe(0);
    expect(await readdir(join(folder, 'kept'))).toEqual(['jwks.json', 'receipt-abc.jws']);
  });

  it('is not written outside of the folder that keeps receipts', async () => {
    const { receipt, jwks } = await receiptOf('x/../../escaped');
    expect(await run('verify', receipt, '--jwks', jwks, '--save', join(folder, 'kept'))).toBe(8);
    expect(stderr).toContain('This is not a receipt: its importId is not the id of an import');
    expect(await readdir(folder)).toEqual(['given.jws', 'keys.json']);
  });

  it('does not verify a ledger that is its own only when read as text', async () => {
    const line = '{"externalId":"\uFFFD","state":"success"}';
    const root = createHash('sha256').update(`\0${line}`).digest('hex');
    const { receipt, jwks } = await receiptOf('abc', { leaves: 1, root });
    const ledger = join(folder, 'ledger.ndjson');
    await writeFile(ledger, `${line}\n`);
    expect(await run('verify', receipt, '--jwks', jwks, '--ledger', ledger)).toBe(0);
    await writeFile(ledger, Buffer.from(`${line.replace('\uFFFD', '\u00FF')}\n`, 'latin1'));
    expect(await run('verify', receipt, '--jwks', jwks, '--ledger', ledger)).toBe(8);
    expect(stderr).toContain('The ledger is not UTF-8');
  });
});
