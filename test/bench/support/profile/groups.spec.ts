import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groupOf } from './groups.js';

const of = (role: 'api' | 'worker', url: string, functionName = 'run'): string | undefined =>
  groupOf(role)({ functionName, url });

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('.spec.'))
  .map((file) => `file:///app/dist/src/${file.replace(/ts$/, 'js')}`);

describe('groupOf', () => {
  it('groups by file', () => {
    expect(of('worker', 'file:///app/node_modules/pg/lib/client.js')).toBe('database client');
    expect(of('worker', 'file:///app/node_modules/undici/lib/dispatcher/client-h1.js')).toBe(
      'outbound client',
    );
    expect(of('worker', 'node:internal/crypto/hash')).toBe('hash');
    expect(of('api', 'file:///app/node_modules/@nestjs/core/router/router-proxy.js')).toBe('HTTP server');
  });

  it('leaves functions of Node to their callers', () => {
    expect(of('worker', 'node:internal/fs/promises')).toBeUndefined();
    expect(of('worker', '', 'writev')).toBeUndefined();
  });

  it('recognises the garbage collector', () => {
    expect(of('api', '', '(garbage collector)')).toBe('garbage collection');
  });

  it.each(['storage', 'find known', 'recording', 'claim', 'download', 'dispatcher', 'probe'])(
    'matches files of the product for the worker group %s',
    (group) => {
      expect(sources.filter((url) => of('worker', url) === group)).not.toEqual([]);
    },
  );

  it.each(['validation', 'authentication', 'accept', 'status'])(
    'matches files of the product for the API group %s',
    (group) => {
      expect(sources.filter((url) => of('api', url) === group)).not.toEqual([]);
    },
  );
});
