import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signatureHeaders } from '../../src/webhooks/webhook-signer.js';
import { importAll } from '../docs/import.js';
import { importIfClean } from '../docs/plan.js';
import { receiptOf } from '../docs/receipt.js';
import { receive } from '../docs/verify.js';
import { watch } from '../docs/watch.js';
import { isShown, shellBlocks } from '../support/document-blocks.js';
import { blocksOf } from '../support/document-owners.js';
import { DocumentSession } from './document-session.js';
import { ensureJq } from '../support/jq.js';

/** In the order of a partner's week: a page may use what the ones before it left. */
const BLOCKS = blocksOf('test/e2e/documents.spec.ts');

let session: DocumentSession;

beforeAll(async () => {
  await ensureJq();
  session = await DocumentSession.open();
});
afterAll(() => session?.close());

describe.each([...new Set(BLOCKS.map(({ document }) => document))])('%s', (page) => {
  it.each(shellBlocks(BLOCKS.filter(({ document }) => document === page)))(
    'line $line runs and prints what it shows',
    async ({ commands, output }) => {
      const { code, output: printed } = await session.run(commands);
      // Compared as texts where they differ, for a message that shows where.
      const isAsShown = output === undefined ? code === 0 : isShown(output, printed);
      expect(isAsShown ? '' : printed).toBe(isAsShown ? '' : (output ?? 'exit code 0').trim());
    },
  );
});

/** The token and an import of the first page. */
const token = (): string => session.read('token.txt');
const firstImport = (): string =>
  /"importId": "(.*)"/.exec(session.read('archive.csv.reelport.json'))?.[1] ?? '';
const video = (id: string, url: string): object => ({ id, url, fileName: id, metadata: {} });

describe('The programs in the documents', () => {
  it('import what has no predicted failures', async () => {
    const { reelport, archive } = session;
    const good = video('good', archive.videoUrl);
    const missing = video('missing', `${archive.origin}/missing.mp4`);
    expect(await importIfClean(reelport.url, token(), [good, missing])).toEqual([
      'missing: Could not download the video: the server answered 404',
    ]);
    expect(await importIfClean(reelport.url, token(), [good])).toEqual([]);
  });

  it('import, and name the failures', async () => {
    const { reelport, archive } = session;
    const videos = [video('fine', archive.videoUrl), video('lost', `${archive.origin}/lost.mp4`)];
    expect(await importAll(reelport.url, token(), videos)).toEqual(
      new Map([['lost', 'Could not download the video: the server answered 404']]),
    );
  });

  it('watch an import', async () => {
    const states = await watch(session.reelport.url, token(), firstImport());
    expect(states.size).toBe(20);
  });

  it('verify a receipt', async () => {
    const importId = firstImport();
    const receipt = await receiptOf(session.reelport.url, token(), importId);
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
