import { describe, expect, it } from 'vitest';
import { displaySize, exactRatio } from './display-size.js';

describe('displaySize', () => {
  it.each([
    [720, 576, 16 / 11, 0, 1047, 576],
    [720, 480, 8 / 9, 0, 640, 480],
    [1440, 1080, 4 / 3, 0, 1920, 1080],
    [1440, 1080, 4 / 3, 90, 1080, 1920],
    [1920, 1080, 1, -90, 1080, 1920],
    [1920, 1080, 1, 180, 1920, 1080],
  ])(
    'scales and rotates %i × %i, pixels %f, rotation %i°',
    (codedWidth, codedHeight, pixelAspectRatio, rotation, width, height) => {
      expect(displaySize({ codedWidth, codedHeight, pixelAspectRatio, rotation })).toEqual({ width, height });
    },
  );
});

describe('exactRatio', () => {
  it.each([
    [16, 11],
    [64, 45],
    [40, 33],
    [32, 27],
    [12, 11],
    [10, 11],
    [16, 15],
    [8, 9],
    [4, 3],
    [1, 1],
  ])('recovers %i:%i from three decimals', (num, den) => {
    expect(exactRatio(Number((num / den).toFixed(3)))).toBe(num / den);
  });
});
