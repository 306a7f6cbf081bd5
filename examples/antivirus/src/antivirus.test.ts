import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newPartner, openScene, type ImportedItem, type Scene } from 'reelport/testing';
import { antivirus } from './antivirus.js';
import { StubClamd } from './stub-clamd.js';

const VIRUS = 'a text that the stub takes for a virus';
const clamd = new StubClamd(VIRUS);

let scene: Scene;
before(async () => {
  scene = await openScene({ extensions: [antivirus], environment: { CLAMD_ADDRESS: await clamd.listen() } });
});
after(async () => {
  await scene.close();
  clamd.close();
});

async function imported(bytes: Buffer): Promise<ImportedItem | undefined> {
  const { api } = await newPartner(scene.reelport);
  scene.origin.serve('/file', bytes);
  return (await api.import('videos', [{ id: 'a', url: scene.origin.url('/file') }]))[0];
}

test('refuses an infected file, small or large', async () => {
  assert.equal((await imported(Buffer.from(VIRUS)))?.code, 'INFECTED');
  const large = Buffer.concat([Buffer.alloc(5_000_000), Buffer.from(VIRUS)]);
  assert.equal((await imported(large))?.code, 'INFECTED');
});

test('lets a clean file pass to the next step', async () => {
  assert.equal((await imported(Buffer.from('no video')))?.code, 'NOT_A_VIDEO');
});

test('gives no verdict on a file that could not be scanned', async () => {
  clamd.failure = 'INSTREAM size limit exceeded. ERROR';
  try {
    assert.equal((await imported(Buffer.from('another one')))?.code, 'NOT_SCANNED');
  } finally {
    clamd.failure = undefined;
  }
});
