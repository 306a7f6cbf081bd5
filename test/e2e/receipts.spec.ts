import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createClient,
  ReceiptError,
  ReelportError,
  verifyReceipt,
  type Client,
  type LedgerItem,
} from '#libs/client';
import { ClientCommand } from '../support/client-command.js';
import { entry, newMp4, newPartner, openScene, type Partner, type Scene } from './scene.js';

let scene: Scene;
let partner: Partner;
let client: Client;
/** An import with a success, a failure and a skipped video. */
let importId: string;

beforeAll(async () => {
  scene = await openScene();
  partner = await newPartner(scene.reelport);
  client = createClient({
    url: scene.reelport.url,
    token: await scene.reelport.createToken(partner.project),
  });
  const video = newMp4();
  scene.origin.serve('/known.mp4', video);
  scene.origin.serve('/new.mp4', newMp4());
  await finished([entry('known', scene.origin.url('/known.mp4'))]);
  importId = await finished([
    entry('Übung "1"', scene.origin.url('/new.mp4')),
    entry('missing', scene.origin.url('/missing.mp4')),
    entry('known', scene.origin.url('/known.mp4')),
  ]);
});
afterAll(() => scene?.close());

async function finished(videos: Parameters<Partner['api']['importVideos']>[1]): Promise<string> {
  const id = await partner.api.importVideos('archive', videos);
  await partner.api.finished(id);
  return id;
}

async function ledgerOf(id: string): Promise<string> {
  return new Response(await client.imports.ledger(id)).text();
}

const jwks = () => client.receiptKeys();

describe('a receipt', () => {
  it('has the outcome of the import, and covers every line of the ledger', async () => {
    const { receipt } = await client.imports.receipt(importId);
    const items: LedgerItem[] = [];
    const ledger = await ledgerOf(importId);
    const payload = await verifyReceipt(receipt, await jwks(), {
      ledger,
      onItem: (item) => items.push(item),
    });
    const { finishedAt } = await client.imports.get(importId);
    expect(payload).toEqual({
      iss: scene.reelport.url,
      iat: Math.floor(Date.parse(String(finishedAt)) / 1_000),
      importId,
      project: partner.project.name,
      kind: 'videos',
      systemName: 'archive',
      state: 'success',
      finishedAt,
      totals: { total: 3, success: 1, skipped: 1, failed: 1 },
      ledger: { leaves: 3, root: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    const file = {
      mediaId: expect.any(String),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      size: expect.any(Number),
    };
    expect(items).toEqual([
      { externalId: 'Übung "1"', state: 'success', ...file },
      { externalId: 'missing', state: 'failed', code: 'HTTP_STATUS' },
      { externalId: 'known', state: 'skipped', ...file },
    ]);
    // RFC 8785: members by name, no spaces.
    expect(ledger.split('\n')[1]).toBe('{"code":"HTTP_STATUS","externalId":"missing","state":"failed"}');
  });

  it('stays the same until failed items are retried', async () => {
    const before = await client.imports.receipt(importId);
    expect(await client.imports.receipt(importId)).toEqual(before);
    await client.imports.retry(importId);
    await partner.api.finished(importId);
    const after = await client.imports.receipt(importId);
    expect(after).not.toEqual(before);
    await verifyReceipt(after.receipt, await jwks(), { ledger: await ledgerOf(importId) });
  });

  it('does not verify a ledger in which one byte differs', async () => {
    const { receipt } = await client.imports.receipt(importId);
    const keys = await jwks();
    const ledger = await ledgerOf(importId);
    for (const changed of [
      ledger.replace('"failed"', '"foiled"'),
      ledger.replace(/\n.*\n/, '\n'),
      ledger.split('\n').toReversed().join('\n').trimStart(),
      '',
    ]) {
      await expect(verifyReceipt(receipt, keys, { ledger: changed })).rejects.toThrow(ReceiptError);
    }
  });

  it('is refused if it was changed, or if its key is unknown', async () => {
    const { receipt } = await client.imports.receipt(importId);
    const [head = '', body = '', signature = ''] = receipt.split('.');
    const payload = Buffer.from(body, 'base64url').toString().replace('"failed":1', '"failed":0');
    const forged = [head, Buffer.from(payload).toString('base64url'), signature].join('.');
    await expect(verifyReceipt(forged, await jwks())).rejects.toThrow(
      'The signature of the receipt is wrong',
    );
    await expect(verifyReceipt(receipt, { keys: [] })).rejects.toThrow('not among the public keys');
    await expect(verifyReceipt('hello', await jwks())).rejects.toThrow('This is not a receipt');
  });

  it('proves that it covers a single item', async () => {
    const { receipt, proof } = await client.imports.receipt(importId, { externalId: 'missing' });
    expect(proof).toMatchObject({ index: 1, line: expect.stringContaining('"missing"') });
    if (proof === undefined) return;
    const keys = await jwks();
    await verifyReceipt(receipt, keys, { proof });
    const other = { ...proof, line: proof.line.replace('failed', 'success') };
    await expect(verifyReceipt(receipt, keys, { proof: other })).rejects.toThrow(ReceiptError);
    await expect(client.imports.receipt(importId, { externalId: 'stranger' })).rejects.toMatchObject({
      status: 404,
      details: { externalId: 'No item of the import has this id' },
    });
  });

  it('exists only once the import has finished', async () => {
    scene.origin.script('/hangs.mp4', [{ hang: 'headers' }]);
    const running = await partner.api.importVideos('archive', [
      entry('hangs', scene.origin.url('/hangs.mp4')),
    ]);
    const refusal = { status: 409, details: { state: 'Import has not finished; wait until it has' } };
    await expect(client.imports.receipt(running)).rejects.toMatchObject(refusal);
    await expect(client.imports.ledger(running)).rejects.toBeInstanceOf(ReelportError);
    await client.imports.cancel(running);
  });
});

describe('reelport verify', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reelport-receipts-'));
    await writeFile(join(folder, 'list.csv'), 'id,size\nknown,\n"Übung ""1""",\n');
    await writeFile(join(folder, 'arrived.csv'), 'id,size\nknown,\n"Übung ""1""",\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(
    args: readonly string[],
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const command = new ClientCommand(args, {
      REELPORT_URL: scene.reelport.url,
      REELPORT_TOKEN: await scene.reelport.createToken(partner.project),
      XDG_CONFIG_HOME: folder,
    });
    return { code: await command.end(), stdout: command.stdout, stderr: command.stderr };
  }

  it('ends with 8 for a changed ledger, and with 7 for an entry that has not arrived', async () => {
    const ledger = join(folder, 'changed.ndjson');
    await writeFile(ledger, (await ledgerOf(importId)).replace('"failed"', '"success"'));
    expect(await run(['verify', importId, '--ledger', ledger])).toMatchObject({
      code: 8,
      stdout: '',
      stderr: expect.stringContaining('its Merkle root differs'),
    });
    const list = join(folder, 'all.csv');
    await writeFile(list, 'id,size\nknown,1\nmissing,\nstranger,\n');
    const { code, stderr } = await run(['verify', importId, '--manifest', list]);
    expect(code).toBe(7);
    expect(stderr).toContain(`${list}:2 known: has another size`);
    expect(stderr).toContain(`${list}:3 missing: failed with HTTP_STATUS`);
    expect(stderr).toContain(`${list}:4 stranger: is not in the ledger`);
  });
});

describe('the keys', () => {
  it('are public, and may be cached', async () => {
    const response = await fetch(`${scene.reelport.url}/.well-known/jwks.json`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await response.json()).toEqual({
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: expect.any(String),
          kid: expect.any(String),
          use: 'sig',
          alg: 'EdDSA',
        },
      ],
    });
  });

  it('verify old receipts after a restart and after a rotation', async () => {
    const { receipt } = await client.imports.receipt(importId);
    const ledger = await ledgerOf(importId);
    const file = join(scene.reelport.dataDir, 'receipt-key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const kept = await readFile(file, 'utf8');

    await scene.reelport.stop();
    await scene.reelport.start();
    expect(await readFile(file, 'utf8')).toBe(kept);
    expect((await client.imports.receipt(importId)).receipt).toBe(receipt);

    await scene.reelport.stop();
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await scene.reelport.start({ RECEIPT_KEY: pem.replaceAll('\n', String.raw`\n`) });
    const renewed = await client.imports.receipt(importId);
    expect(renewed.receipt).not.toBe(receipt);
    const keys = await jwks();
    expect(keys.keys).toHaveLength(2);
    const payload = await verifyReceipt(receipt, keys, { ledger });
    expect(await verifyReceipt(renewed.receipt, keys, { ledger })).toEqual(payload);
  });
});
