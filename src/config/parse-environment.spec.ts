import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { EnvironmentError, parseEnvironment } from './parse-environment.js';

const parse = (): unknown =>
  parseEnvironment({ PORT: '99999', STORAGE: 'tape', TOKEN_SECRET: 'short', MAX_VIDEO_BYTES: 'big' });

const keptWith = (source: Record<string, string>): number => parseEnvironment(source).WEBHOOK_RESPONSE_BYTES;

describe('parseEnvironment', () => {
  it('applies defaults and freezes the result', () => {
    const environment = parseEnvironment({});
    expect(environment).toMatchObject({
      PORT: 3_000,
      STORAGE: 'local',
      OUTBOUND_PORTS: [80, 443],
      MAX_VIDEO_BYTES: 10 * 2 ** 30,
    });
    expect(environment.WEBHOOK_SCHEDULE).toEqual([
      0, 5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000,
    ]);
    expect(environment.DATABASE_URL).toBeUndefined();
    expect(Object.isFrozen(environment)).toBe(true);
  });

  it('reads set variables and treats empty ones as unset', () => {
    const environment = parseEnvironment({
      PORT: '',
      HOST: '0.0.0.0',
      TRUSTED_NETWORKS: '10.0.0.0/8, archive.internal',
    });
    expect(environment).toMatchObject({
      PORT: 3_000,
      HOST: '0.0.0.0',
      TRUSTED_NETWORKS: ['10.0.0.0/8', 'archive.internal'],
    });
  });

  it('keeps responses of webhook receivers, unless these may be internal hosts', () => {
    expect(keptWith({})).toBe(1_024);
    expect(keptWith({ TRUSTED_NETWORKS: '10.0.0.0/8' })).toBe(0);
    expect(keptWith({ TRUSTED_NETWORKS: '10.0.0.0/8', WEBHOOK_RESPONSE_BYTES: '8 KiB' })).toBe(8_192);
    expect(keptWith({ WEBHOOK_RESPONSE_BYTES: '0' })).toBe(0);
  });

  it('reads a variable by its former name', () => {
    expect(parseEnvironment({ PROBE_THREADS: '3' }).PROBE_PROCESSES).toBe(3);
    expect(parseEnvironment({ PROBE_THREADS: '3', PROBE_PROCESSES: '' }).PROBE_PROCESSES).toBe(3);
    expect(parseEnvironment({ PROBE_THREADS: '3', PROBE_PROCESSES: '2' }).PROBE_PROCESSES).toBe(2);
  });

  it('allows an empty query of video URLs', () => {
    expect(parseEnvironment({}).MEDIA_URL_QUERY).toBe('auto=format');
    expect(parseEnvironment({ MEDIA_URL_QUERY: '' }).MEDIA_URL_QUERY).toBe('');
  });

  it('ignores unknown variables', () => {
    expect(parseEnvironment({ HOME: '/root' })).not.toHaveProperty('HOME');
  });

  it('lists every fault in one message', () => {
    expect(parse).toThrow(EnvironmentError);
    for (const name of ['PORT', 'STORAGE', 'TOKEN_SECRET', 'MAX_VIDEO_BYTES']) expect(parse).toThrow(name);
  });

  it('does not show a refused secret', () => {
    expect(() => parseEnvironment({ TOKEN_SECRET: 'hunter2' })).toThrow(/^(?!.*hunter2)/s);
  });

  it('requires a bucket for S3 storage', () => {
    expect(() => parseEnvironment({ STORAGE: 's3', MEDIA_BASE_URL: 'https://cdn.example.com' })).toThrow(
      'S3_BUCKET',
    );
    expect(() => parseEnvironment({ STORAGE: 's3', S3_BUCKET: 'videos' })).toThrow('MEDIA_BASE_URL');
    expect(
      parseEnvironment({ STORAGE: 's3', S3_BUCKET: 'videos', MEDIA_BASE_URL: 'https://cdn.example.com' })
        .S3_BUCKET,
    ).toBe('videos');
  });

  it.each([
    ['TOKEN_SECRETS_PREVIOUS', `${'x'.repeat(32)},short`],
    ['TOKEN_JWKS_URL', 'ftp://login.example.com/keys'],
    ['RATE_LIMIT_ADDRESS', '-1'],
    ['RATE_LIMIT_TOKEN', 'many'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/8, my-proxy'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://cms.example.com/'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => parseEnvironment({ [name]: value })).toThrow(name);
  });

  it('accepts valid network settings', () => {
    const environment = parseEnvironment({
      TOKEN_SECRETS_PREVIOUS: `${'x'.repeat(32)}, ${'y'.repeat(32)}`,
      TRUST_PROXY: 'loopback, 10.0.0.0/8, fd00::/8, 192.0.2.7',
      CORS_ORIGINS: 'https://cms.example.com, http://localhost:5173',
    });
    expect(environment.TOKEN_SECRETS_PREVIOUS).toHaveLength(2);
    expect(environment.TRUST_PROXY).toEqual(['loopback', '10.0.0.0/8', 'fd00::/8', '192.0.2.7']);
    expect(environment.CORS_ORIGINS).toEqual(['https://cms.example.com', 'http://localhost:5173']);
  });
});
