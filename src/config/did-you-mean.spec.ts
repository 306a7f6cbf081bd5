import { describe, expect, it } from 'vitest';
import { didYouMean } from './did-you-mean.js';

const KNOWN = ['systemName', 'webhook', 'context', 'videos', 'id', 'url', 'fileName'];

describe('didYouMean', () => {
  it.each([
    ['webook', 'webhook'],
    ['Webhook', 'webhook'],
    ['WEBHOOKS', 'webhook'],
    ['web_hook', 'webhook'],
    ['system_name', 'systemName'],
    ['filename', 'fileName'],
    ['uri', 'url'],
    ['ID', 'id'],
    ['contxet', 'context'],
  ])('suggests for %s: %s', (name, meant) => {
    expect(didYouMean(name, KNOWN)).toBe(meant);
  });

  it.each(['callback', 'xy', 'a', '', `webhook${'k'.repeat(100)}`])('suggests nothing for %s', (name) => {
    expect(didYouMean(name, KNOWN)).toBeUndefined();
  });
});
