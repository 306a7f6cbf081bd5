import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { kindContract, newPartner, openScene, type GoodFile, type Scene } from 'reelport/testing';
import sharp from 'sharp';
import { images, kind } from './images.js';

function picture(width: number, height: number, background = 'teal') {
  return sharp({ create: { width, height, channels: 3, background } });
}

const still = { width: 32, height: 18, hasAlpha: false, animated: false };

async function encoded(format: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif'): Promise<GoodFile> {
  const bytes = await picture(32, 18).toFormat(format).toBuffer();
  // Decoders give every GIF an alpha channel.
  const facts = { ...still, hasAlpha: format === 'gif' };
  return { name: `a ${format}`, bytes, mimeType: `image/${format}`, facts };
}

const upright = await picture(32, 18).jpeg().withMetadata({ orientation: 6 }).toBuffer();

const transparent = await picture(32, 18).ensureAlpha(0.5).png().toBuffer();
const frames = [await picture(32, 18).png().toBuffer(), await picture(32, 18, 'red').png().toBuffer()];
const animation = await sharp(frames, { join: { animated: true } })
  .webp()
  .toBuffer();

const rules = kindContract(kind, {
  good: [
    await encoded('jpeg'),
    await encoded('png'),
    await encoded('webp'),
    await encoded('gif'),
    await encoded('avif'),
    { name: 'a rotated photo', bytes: upright, facts: { ...still, width: 18, height: 32 } },
    { name: 'a transparent picture', bytes: transparent, facts: { ...still, hasAlpha: true } },
    { name: 'an animation', bytes: animation, facts: { ...still, animated: true } },
  ],
  bad: [
    { name: 'a page', bytes: Buffer.from('<html></html>'), code: 'NOT_AN_IMAGE' },
    { name: 'an SVG', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), code: 'NOT_AN_IMAGE' },
  ],
});
for (const { name, run } of rules) test(name, run);

let scene: Scene;
before(async () => {
  scene = await openScene({ extensions: [images] });
});
after(() => scene.close());

test('creates, skips and updates an image', async () => {
  const { reelport, origin } = scene;
  const { api } = await newPartner(reelport);
  const post = async () => (await api.import('images', [{ id: 'a', url: origin.url('/a') }]))[0];
  origin.serve('/a', await picture(32, 18).png().toBuffer());
  assert.equal((await post())?.state, 'success');
  assert.equal((await post())?.state, 'skipped');
  origin.serve('/a', await picture(64, 36).png().toBuffer());
  const updated = await post();
  assert.equal(updated?.state, 'success');
  assert.equal(Object(updated?.['image']).width, 64);
});
