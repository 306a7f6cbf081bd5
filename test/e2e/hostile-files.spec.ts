import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  countlessSamples,
  countlessSamplesInFragment,
  endlessKeysInVideo,
  endlessKeysWithoutTrack,
  equalTimes,
} from '../../libs/media-probe/src/testing/hostile-mp4.js';
import { entry, newMp4, newPartner, openScene, type Scene } from './scene.js';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({ RETRY_SCHEDULE: '100ms,100ms,100ms,100ms,100ms,100ms' });
});
afterAll(() => scene?.close());

it('files that exploit the parser fail permanently, crash nothing, and delay no other project', async () => {
  const { reelport, origin } = scene;
  const [hostile, other] = await Promise.all([newPartner(reelport), newPartner(reelport)]);
  const pid = reelport.pid();
  const files = {
    'no-track': endlessKeysWithoutTrack(),
    keys: endlessKeysInVideo(),
    samples: countlessSamples(),
    fragment: countlessSamplesInFragment(),
    times: equalTimes(),
  };
  for (const [name, bytes] of Object.entries(files)) origin.serve(`/${name}.mp4`, bytes);
  origin.serve('/good.mp4', newMp4());

  const hostileImport = await hostile.api.importVideos(
    'hostile',
    Object.keys(files).map((name) => entry(name, origin.url(`/${name}.mp4`))),
  );
  // From here on, a process is parsing it or has parsed it.
  await origin.waitForRequest('/times.mp4');
  const goodImport = await other.api.importVideos('good', [entry('good', origin.url('/good.mp4'))]);
  expect((await other.api.finished(goodImport)).overview).toMatchObject({ success: 1 });

  const { videos } = await hostile.api.finished(hostileImport, 480_000);
  expect(videos[0]).toMatchObject({ code: 'NOT_A_VIDEO', retryable: false });
  for (const video of videos.slice(1)) {
    expect(video).toMatchObject({
      state: 'failed',
      code: 'UNREADABLE',
      reason: 'Reading the file exceeded the resource limits',
      retryable: false,
    });
  }
  // On a busy machine the last one may need more attempts to use up its processor time.
  const tries = await reelport.database.dataSource.query<Array<{ tries: number }>>(
    'SELECT tries FROM import_items WHERE import_id = $1 ORDER BY position',
    [hostileImport],
  );
  expect(tries.slice(0, -1).map((item) => item.tries)).toEqual([1, 2, 2, 2]);
  expect(reelport.pid()).toBe(pid);
  expect(() => process.kill(pid, 0)).not.toThrow();
}, 600_000);
