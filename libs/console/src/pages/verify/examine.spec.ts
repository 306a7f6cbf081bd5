import { verifyWebhook } from '#libs/client';
import { expect, it } from 'vitest';
import { ageOf, examine, type Finding, type Received } from './examine.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const BODY = '{"type":"import.finished","id":"25bzj8j","context":{"ä":1.0}}';
const AT = new Date();
const SENT = { body: BODY, attempts: [{ startedAt: AT.toISOString() }] };

/** Signs as the specification says, without the library that is tested. */
async function signed(body: string, ...secrets: string[]) {
  const [id, timestamp] = ['msg_1', String(Math.floor(AT.getTime() / 1_000))];
  const signatures = await Promise.all(
    secrets.map(async (secret) => {
      const bytes = Uint8Array.from(atob(secret.slice('whsec_'.length)), (character) =>
        character.charCodeAt(0),
      );
      const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
        'sign',
      ]);
      const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
      const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, content));
      return `v1,${btoa(String.fromCharCode(...signature))}`;
    }),
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

const headers = await signed(BODY, OTHER, SECRET);
const received: Received = { headers, body: BODY, secret: SECRET };

it('finds nothing wrong where the SDK does not either', () => {
  expect(verifyWebhook(BODY, headers, SECRET)).toMatchObject({ id: '25bzj8j' });
  expect(examine(received)).toEqual({ kind: 'match' });
  expect(examine({ ...received, secret: ` ${OTHER}\n` }, SENT)).toEqual({ kind: 'match' });
});

it('takes line breaks of a form field for those of the message', async () => {
  const body = '{\r\n"type": "import.finished"\r\n}';
  const field = { headers: await signed(body, SECRET), body: body.replaceAll('\r\n', '\n'), secret: SECRET };
  expect(examine(field)).toEqual({ kind: 'match' });
});

const changed = BODY.replace('25bzj8j', '25bzj8k');
const later = { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) };
const wrong = { ...received, secret: `${SECRET.slice(0, -4)}AAAA` };

it.each<[what: string, received: Received, unknown: Finding, known: Finding]>([
  ['a wrong secret', wrong, { kind: 'mismatch' }, { kind: 'wrongSecret' }],
  [
    'a changed body',
    { ...received, body: changed },
    { kind: 'mismatch' },
    { kind: 'changed', position: 38, sent: BODY.slice(38, 78), given: changed.slice(38, 78) },
  ],
  [
    'a truncated body',
    { ...received, body: BODY.slice(0, 50) },
    { kind: 'mismatch' },
    { kind: 'changed', position: 50, sent: BODY.slice(50), given: '' },
  ],
  ['a trailing line break', { ...received, body: `${BODY}\n` }, { kind: 'rewritten' }, { kind: 'rewritten' }],
  [
    'a body that was parsed and written again',
    { ...received, body: JSON.stringify(JSON.parse(BODY), null, 2) },
    { kind: 'mismatch' },
    { kind: 'rewritten' },
  ],
  ['another time', { ...received, headers: later }, { kind: 'mismatch' }, { kind: 'timestampChanged' }],
])('finds %s', (_, given, unknown, known) => {
  expect(examine(given)).toEqual(unknown);
  expect(examine(given, SENT)).toEqual(known);
});

it.each<[what: string, received: Received, finding: Finding]>([
  [
    'missing headers',
    { ...received, headers: { 'webhook-id': 'msg_1' }, body: '' },
    { kind: 'missing', names: ['webhook-timestamp', 'webhook-signature', 'body'] },
  ],
  [
    'a time that is none',
    { ...received, headers: { ...headers, 'webhook-timestamp': 'now' } },
    { kind: 'timestamp' },
  ],
  [
    'another scheme',
    { ...received, headers: { ...headers, 'webhook-signature': 'v1a,x' } },
    { kind: 'signature' },
  ],
  ['no base64', { ...received, secret: 'whsec_?' }, { kind: 'secretFormat' }],
  ['no secret', { ...received, secret: '' }, { kind: 'secretFormat' }],
])('names %s', (_, given, finding) => {
  expect(examine(given, SENT)).toEqual(finding);
});

it('takes five minutes as the specification does', () => {
  const now = 1_795_851_000_999;
  expect(ageOf(1_795_850_700, now)).toBe('recent');
  expect(ageOf(1_795_850_699, now)).toBe('old');
  expect(ageOf(1_795_851_300, now)).toBe('recent');
  expect(ageOf(1_795_851_301, now)).toBe('early');
});
