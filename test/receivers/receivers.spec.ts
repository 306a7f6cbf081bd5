import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signatureHeaders } from '../../src/webhooks/webhook-signer.js';
import { ensureLanguage, LANGUAGES } from './languages.js';
import { ReceiverProgram } from './receiver-program.js';

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const SECRET = newSecret();
const OTHER = newSecret();
const MISSING_SECRET = 'Set WEBHOOK_SECRET to the secret of your project (whsec_...)';
const BODY = '{"type":"import.finished","title":"Zürich 🎬","context":{"n":1.10}}';

const headersOf = (
  secrets: readonly string[] = [SECRET],
  ageSeconds = 0,
  body = BODY,
): Record<string, string> =>
  signatureHeaders({ id: 'msg_1', body, at: new Date(Date.now() - ageSeconds * 1_000) }, secrets);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-receivers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('runs every receiver of docs/webhooks', async () => {
  const files = await readdir('docs/webhooks');
  expect(files.toSorted()).toEqual(LANGUAGES.map(({ file }) => file).toSorted());
});

describe.each(LANGUAGES)('the receiver in $name', (language) => {
  let receiver: ReceiverProgram | undefined;

  beforeAll(async () => {
    await ensureLanguage(language);
    receiver = await ReceiverProgram.start(language, SECRET, folder);
  }, 600_000);
  afterAll(() => receiver?.stop());

  it.each<[string, string, Record<string, string>]>([
    ['a delivery', BODY, headersOf()],
    ['a delivery from four minutes ago', BODY, headersOf([SECRET], 240)],
    ['the second signature during a rotation', BODY, headersOf([OTHER, SECRET])],
    [
      'signatures of a later version beside ours',
      BODY,
      {
        ...headersOf(),
        'webhook-signature': `v1a,AAAA v2 ${headersOf()['webhook-signature'] ?? ''}`,
      },
    ],
  ])('accepts %s', async (_name, body, headers) => {
    expect(await receiver?.post(body, headers)).toBe(204);
  });

  it.each<[string, string, Record<string, string>]>([
    ['another body', BODY.replace('1.10', '1.1'), headersOf()],
    ['the body parsed and written again', JSON.stringify(JSON.parse(BODY)), headersOf()],
    ['another id', BODY, { ...headersOf(), 'webhook-id': 'msg_2' }],
    ['another secret', BODY, headersOf([OTHER])],
    ['a delivery from ten minutes ago', BODY, headersOf([SECRET], 600)],
    ['a delivery from the future', BODY, headersOf([SECRET], -600)],
    [
      'a fresh timestamp that is not signed',
      BODY,
      { ...headersOf([SECRET], 600), 'webhook-timestamp': headersOf()['webhook-timestamp'] ?? '' },
    ],
    ['a timestamp that is no number', BODY, { ...headersOf(), 'webhook-timestamp': 'now' }],
    [
      'the first half of the signature',
      BODY,
      { ...headersOf(), 'webhook-signature': (headersOf()['webhook-signature'] ?? '').slice(0, 25) },
    ],
    ['the signature of a later version', BODY, { ...headersOf(), 'webhook-signature': 'v2,AAAA' }],
    ['an empty signature', BODY, { ...headersOf(), 'webhook-signature': 'v1,' }],
    ['no headers', BODY, {}],
  ])('refuses %s', async (_name, body, headers) => {
    expect(await receiver?.post(body, headers)).toBe(400);
  });

  it('says in one sentence that the secret is missing', async () => {
    const { refused, message } = await ReceiverProgram.withoutSecret(language, folder);
    expect({ refused, message }).toEqual({ refused: true, message: expect.stringContaining(MISSING_SECRET) });
    expect(message.trim().split('\n')).toEqual([expect.any(String)]);
  });
});
