import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSampleArchive, type SampleArchive } from '../../src/sample/sample-archive.js';
import { signatureHeaders } from '../../src/webhooks/webhook-signer.js';
import { importIfClean } from '../docs/plan.js';
import { receiptOf } from '../docs/receipt.js';
import { receive } from '../docs/verify.js';
import { watch } from '../docs/watch.js';
import { TOKEN_SECRET } from '../support/accounts.js';
import { isShown, shellBlocks } from '../support/document-blocks.js';
import { freePort } from '../support/free-port.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { ShellSession } from '../support/shell-session.js';

/** In the order of a partner's week: a page may use what the ones before it left. */
const PAGES = ['first-import', 'plan-and-apply', 'watching', 'webhooks', 'completeness', 'migration'].map(
  (name) => `docs/${name}.md`,
);

/** How commands of the documents are found on this machine. */
const PRELUDE = `
npx() { shift; npm_command=exec node "$ROOT/dist/libs/client/src/cli/main.js" "$@"; }
npm() { local script=$3; shift 4; node "$ROOT/dist/src/reelport.js" "$script" "$@"; }
export -f npx npm
`;

let archive: SampleArchive;
let reelport: Reelport;
let folder: string;
let shell: ShellSession;
/** Addresses in the documents, and those of this test. */
let addresses: ReadonlyArray<readonly [shown: string, actual: string]>;

beforeAll(async () => {
  archive = await startSampleArchive();
  reelport = await startReelport();
  folder = await mkdtemp(join(tmpdir(), 'reelport-documents-'));
  addresses = [
    ['http://localhost:3000', reelport.url],
    ['http://127.0.0.1:41234', archive.origin],
    ['8080', String(await freePort())],
  ];
  shell = new ShellSession(folder, {
    PATH: process.env['PATH'],
    ROOT: resolve('.'),
    XDG_CONFIG_HOME: folder,
    DATABASE_URL: reelport.database.url,
    DATA_DIR: reelport.dataDir,
    TOKEN_SECRET,
  });
  await shell.run(`${PRELUDE}ln -s "$ROOT/docs" docs`);
});
afterAll(async () => {
  await shell?.close();
  await reelport?.remove();
  await archive?.close();
  await rm(folder, { recursive: true, force: true });
});

const actual = (text: string): string =>
  addresses.reduce((result, [shown, real]) => result.replaceAll(shown, real), text);
const shown = (text: string): string =>
  addresses
    .reduce((result, [given, real]) => result.replaceAll(real, given), text)
    .replaceAll(`${folder}/`, '');

describe.each(PAGES)('%s', (page) => {
  it.each(shellBlocks(readFileSync(page, 'utf8')))(
    'line $line runs and prints what it shows',
    async ({ commands, output }) => {
      const result = await shell.run(actual(commands));
      const printed = shown(result.output).trim();
      // Compared as texts where they differ, for a message that shows where.
      const isAsShown = output === undefined ? result.code === 0 : isShown(output, printed);
      expect(isAsShown ? '' : printed).toBe(isAsShown ? '' : (output ?? 'exit code 0').trim());
    },
  );
});

/** A file that the pages have left. */
const read = (name: string): string => readFileSync(join(folder, name), 'utf8').trim();
const firstImport = (): string => /"importId": "(.*)"/.exec(read('archive.csv.reelport.json'))?.[1] ?? '';
const video = (id: string, url: string): object => ({ id, url, fileName: id, metadata: {} });

describe('The programs in the documents', () => {
  it('import what has no predicted failures', async () => {
    const good = video('good', archive.videoUrl);
    const missing = video('missing', `${archive.origin}/missing.mp4`);
    const token = read('token.txt');
    expect(await importIfClean(reelport.url, token, [good, missing])).toEqual([
      'missing: Could not download the video: the server answered 404',
    ]);
    expect(await importIfClean(reelport.url, token, [good])).toEqual([]);
  });

  it('watch an import', async () => {
    const states = await watch(reelport.url, read('token.txt'), firstImport());
    expect(states.size).toBe(20);
  });

  it('verify a receipt', async () => {
    const importId = firstImport();
    const receipt = await receiptOf(reelport.url, read('token.txt'), importId);
    expect(receipt).toMatchObject({ importId, totals: { total: 20 } });
  });

  it('verify a webhook', () => {
    const secret = `whsec_${Buffer.alloc(24, 'x').toString('base64')}`;
    vi.stubEnv('WEBHOOK_SECRET', secret);
    const message = { id: 'msg_1', body: '{"type":"import.finished"}', at: new Date() };
    expect(receive(message.body, signatureHeaders(message, [secret]))).toEqual({ type: 'import.finished' });
    expect(() => receive('{}', signatureHeaders(message, [secret]))).toThrow('No matching signature');
    vi.unstubAllEnvs();
  });
});
