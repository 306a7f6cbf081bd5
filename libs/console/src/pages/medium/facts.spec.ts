import { expect, it } from 'vitest';
import { factsOf, wordsOf } from './facts.js';

it('finds what only the kind knows of a file', () => {
  const asset = {
    url: 'https://x.example/a',
    mimeType: 'image/png',
    width: 3,
    colorSpace: null,
    size: 1,
    sha256: 'ab',
  };
  expect(factsOf({ asset })).toEqual([
    ['width', 3],
    ['colorSpace', null],
  ]);
});

it('makes words of names', () => {
  expect(['width', 'videoCodec', 'iccProfileName'].map(wordsOf)).toEqual([
    'width',
    'video codec',
    'icc profile name',
  ]);
});
