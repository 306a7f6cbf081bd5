import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newPartner, openScene, type ImportedItem, type Scene } from 'reelport/testing';
import { captions } from './captions.js';

const VTT = 'WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n';
const SRT =
  '1\r\n00:00:00,000 --> 00:00:02,000\r\nHello\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nAgain\r\n';

let scene: Scene;
before(async () => {
  scene = await openScene({ extensions: [captions] });
});
after(() => scene.close());

const entry = (id: string, content: string, language = 'en') => ({
  id,
  video: 'interview',
  language,
  content,
});
const outcomes = (items: ImportedItem[]) => items.map(({ state, code }) => code ?? state);

test('stores captions, skips unchanged ones and updates changed ones', async () => {
  const { api } = await newPartner(scene.reelport);
  const first = await api.import('captions', [entry('a', VTT), entry('b', SRT, 'de-CH')]);
  assert.deepEqual(
    first.map(({ state, caption }) => ({ state, caption })),
    [
      { state: 'success', caption: { format: 'vtt', cues: 1 } },
      { state: 'success', caption: { format: 'srt', cues: 2 } },
    ],
  );
  const second = await api.import('captions', [entry('a', VTT), entry('b', VTT)]);
  assert.deepEqual(outcomes(second), ['skipped', 'success']);
});

test('names the fault of a caption', async () => {
  const { api } = await newPartner(scene.reelport);
  const items = await api.import('captions', [
    entry('a', 'Hello'),
    entry('b', 'WEBVTT\n\n00:02.000 --> 00:01.000\nHello'),
    entry('c', VTT, 'English, please'),
  ]);
  assert.deepEqual(outcomes(items), ['NOT_CAPTIONS', 'WRONG_ORDER', 'BAD_LANGUAGE']);
});
