import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { installProgram, pathOf } from '#libs/system-packages';
import { freePort } from '../support/free-port.js';
import { until } from '../support/until.js';
import { runNpm } from './support/run-npm.js';

const VIRUS = 'a text that the signature of this test describes';
const LIMIT_BYTES = 1_000_000;
const find = (): string | undefined => pathOf('clamd') ?? pathOf('/usr/sbin/clamd');
const clamd =
  find() ??
  (
    await installProgram({
      name: 'clamd',
      packages: {
        'apt-get': ['clamav-daemon'],
        dnf: ['clamd'],
        apk: ['clamav-daemon'],
        pacman: ['clamav'],
        brew: ['clamav'],
      },
      find,
      log: (line) => process.stderr.write(`${line}\n`),
    })
  ).program;

/** Of the example, as it is built from the tarball. */
let scan: (address: string, file: Readable, signal: AbortSignal) => Promise<string | null>;
let folder: string;
let port: number;
let daemon: ChildProcess;

// Its own tests run against a stub of the protocol: examples/antivirus.
describe.skipIf(clamd === undefined)('the antivirus example with the clamd of this machine', () => {
  beforeAll(async () => {
    const example = join(inject('installed'), 'antivirus');
    await runNpm(['run', 'build'], example);
    ({ scan } = await import(join(example, 'dist/clamd.js')));
    folder = await mkdtemp(join(tmpdir(), 'reelport-clamd-'));
    port = await freePort();
    await mkdir(join(folder, 'signatures'));
    const signature = `Reelport.Test:0:*:${Buffer.from(VIRUS).toString('hex')}\n`;
    await writeFile(join(folder, 'signatures/test.ndb'), signature);
    const settings = {
      DatabaseDirectory: join(folder, 'signatures'),
      LocalSocket: join(folder, 'clamd.ctl'),
      TCPAddr: '127.0.0.1',
      TCPSocket: port,
      StreamMaxLength: LIMIT_BYTES,
      Foreground: 'yes',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
    await writeFile(join(folder, 'clamd.conf'), lines.join(''));
    daemon = spawn(clamd ?? '', [`--config-file=${join(folder, 'clamd.conf')}`], { stdio: 'ignore' });
    await until('clamd', () => accepts(port));
  });
  afterAll(async () => {
    if (daemon?.kill()) await once(daemon, 'exit');
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['its socket', () => join(folder, 'clamd.ctl')],
    ['TCP', () => `127.0.0.1:${port}`],
  ])('finds what a signature describes, through %s', async (_, address) => {
    expect(await scanned(address(), Buffer.alloc(500_000), Buffer.from(VIRUS))).toBe(
      'Reelport.Test.UNOFFICIAL',
    );
    expect(await scanned(address(), Buffer.from('a harmless text'))).toBeNull();
    expect(await scanned(address())).toBeNull();
  });

  it('gives no verdict on a file that is larger than the daemon accepts', async () => {
    await expect(scanned(`127.0.0.1:${port}`, Buffer.alloc(2 * LIMIT_BYTES))).rejects.toThrow(
      /EPIPE|ECONNRESET|size limit/,
    );
  });
});

function scanned(address: string, ...chunks: Buffer[]): Promise<string | null> {
  return scan(address, Readable.from(chunks), new AbortController().signal);
}

function accepts(to: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(to, '127.0.0.1');
    const settle = (open: boolean) => (): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', settle(true)).once('error', settle(false));
  });
}
