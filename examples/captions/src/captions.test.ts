import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newPartner, openScene, type ImportedItem, type Scene } from 'reelport/testing';
import { DataSource } from 'typeorm';
import { captions } from './captions.js';

const VTT = `WEBVTT

NOTE corrected

00:01.000 --> 00:02.500 align:start
- Hello.
- Good evening.

last
01:00:03.000 --> 01:00:04.000
Good night.
`;
const SRT = '1\r\n00:00:01,000 --> 00:00:02,500\r\nHello.\r\n';

let scene: Scene;
before(async () => {
  scene = await openScene({ extensions: [captions] });
});
after(() => scene.close());

/** Imports the captions of a video. */
async function importing(): Promise<(file: string, fields?: object) => Promise<ImportedItem | undefined>> {
  const { api } = await newPartner(scene.reelport);
  return async (file, fields) => {
    scene.origin.serve('/captions', Buffer.from(file), { contentType: 'text/vtt' });
    const entry = { id: 'c1', url: scene.origin.url('/captions'), videoId: 'v1', language: 'de-ch' };
    const [item] = await api.import('captions', [{ ...entry, ...fields }]);
    return item;
  };
}

test('creates a track, skips it unchanged, and updates it', async () => {
  const run = await importing();
  const created = await run(VTT);
  assert.equal(created?.state, 'success');
  assert.deepEqual(created['caption'], { language: 'de-CH', cues: 2, durationMs: 3_604_000 });

  assert.equal((await run(VTT))?.state, 'skipped');

  const updated = await run(SRT, { videoId: 'v2' });
  assert.equal(updated?.state, 'success');
  assert.deepEqual(updated['caption'], { language: 'de-CH', cues: 1, durationMs: 2_500 });
  const tracks = await scene.reelport.worker
    .get(DataSource)
    .query(`SELECT video_id, cues FROM captions_tracks WHERE external_id = 'c1'`);
  assert.deepEqual(tracks, [{ video_id: 'v2', cues: [{ startMs: 1_000, endMs: 2_500, text: 'Hello.' }] }]);
});

test('fails with codes that tell the partner what to do', async () => {
  const run = await importing();
  const failures = [
    await run('<html>'),
    await run('WEBVTT'),
    await run('WEBVTT\n\n00:02.000 --> 00:01.000\nHello.'),
    await run(VTT, { language: 'German!' }),
    await run(VTT, { url: scene.origin.url('/missing') }),
    await run(VTT, { url: 'http://10.0.0.1/captions' }),
  ];
  assert.deepEqual(
    failures.map((item) => `${item?.code}: ${item?.reason}`),
    [
      'NOT_CAPTIONS: The file is neither WebVTT nor SRT: cue 1 has no times',
      'NOT_CAPTIONS: The file is neither WebVTT nor SRT: it has no cues',
      'NOT_CAPTIONS: The file is neither WebVTT nor SRT: cue 1 ends before it begins',
      'NO_LANGUAGE: The language is not a BCP 47 tag: German!',
      'HTTP_STATUS: Could not download the caption: the server answered 404',
      'URL_BLOCKED: The URL of the caption is not allowed: the URL does not point to the public internet; use a publicly reachable host',
    ],
  );
});
