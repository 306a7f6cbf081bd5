import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newPartner, openScene, startReceiver, type Receiver, type Scene } from 'reelport/testing';
import { notify } from './notify.js';

let scene: Scene;
let chat: Receiver;
before(async () => {
  chat = await startReceiver();
  scene = await openScene({ extensions: [notify], environment: { NOTIFY_URL: chat.url('/hook') } });
});
after(async () => {
  await scene.close();
  await chat.close();
});

test('posts a line for a finished import, again after an error of the chat', async () => {
  const { api } = await newPartner(scene.reelport);
  chat.answer(503, 200);
  await api.import('videos', [{ id: 'a', url: scene.origin.url('/missing') }], { systemName: 'archive' });
  const [first, second] = [await chat.waitForDelivery(), await chat.waitForDelivery(undefined, { count: 2 })];
  assert.match(first.raw, /archive: 1 of 1 videos failed/);
  assert.equal(second.headers['idempotency-key'], first.headers['idempotency-key']);
});
