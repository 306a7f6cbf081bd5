import { expect, it } from 'vitest';
import { CONTAINERS } from '#libs/media-probe';
import { servedTypes } from './serve-media.js';

it('serves every container of a video with its type', () => {
  const containers = Object.values(CONTAINERS);
  const types = Object.fromEntries(containers.map(({ mimeType, extension }) => [mimeType, extension]));
  const served = servedTypes([{ types }]);
  for (const { mimeType, extension } of containers) expect(served.get(extension)).toBe(mimeType);
});

it.each([
  'text/html',
  'application/xhtml+xml',
  'image/svg+xml',
  'image/svg',
  'image/x+xml',
  'text/xml',
  'application/xml',
  'text/javascript',
  'application/javascript',
  'text/css',
  'multipart/mixed',
  'IMAGE/SVG+XML',
])('serves no %s', (mimeType) => {
  expect(servedTypes([{ types: { [mimeType]: 'x' } }]).get('x')).toBeUndefined();
});

it.each(['image/png', 'image/avif', 'audio/mpeg', 'application/pdf', 'text/vtt'])('serves %s', (mimeType) => {
  expect(servedTypes([{ types: { [mimeType]: 'x' } }]).get('x')).toBe(mimeType);
});

it('takes the type of the first kind of an extension', () => {
  const served = servedTypes([{ types: { 'video/ogg': 'ogg' } }, { types: { 'audio/ogg': 'ogg' } }]);
  expect(served.get('ogg')).toBe('video/ogg');
});
