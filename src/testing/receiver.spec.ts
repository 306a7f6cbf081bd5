import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startReceiver, type Receiver } from './receiver.js';

const KEY = randomBytes(32);
const SECRET = `whsec_${KEY.toString('base64')}`;
const BODY = JSON.stringify({ type: 'import.finished', id: '25bzj8j' });

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver({ secret: SECRET });
});
afterEach(() => receiver.close());

function signed(body: string): Record<string, string> {
  const now = new Date();
  return {
    'content-type': 'application/json',
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(SECRET).sign('msg_1', now, body),
    'x-livingdocs-signature': `sha256=${createHmac('sha256', KEY).update(body).digest('hex')}`,
  };
}

function deliver(body: string, headers: Record<string, string> = {}, path = '/hook'): Promise<Response> {
  return fetch(receiver.url(path), { method: 'POST', body, headers });
}

describe('the receiver', () => {
  it('records deliveries', async () => {
    expect((await deliver(BODY, { 'webhook-id': 'msg_1' })).status).toBe(204);
    await deliver('no JSON', {}, '/other');
    expect(receiver.deliveries).toMatchObject([
      {
        method: 'POST',
        path: '/hook',
        raw: BODY,
        body: { id: '25bzj8j' },
        headers: { 'webhook-id': 'msg_1' },
      },
      { method: 'POST', path: '/other', raw: 'no JSON', body: undefined },
    ]);
  });

  it('gives the scripted answers and repeats the last one', async () => {
    receiver.answer(500, { status: 429, headers: { 'retry-after': '3' }, body: 'later' }, 410);
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await deliver(BODY));
    expect(answers.map(({ status }) => status)).toEqual([500, 429, 410, 410]);
    expect(answers[1].headers.get('retry-after')).toBe('3');
    expect(await answers[1].text()).toBe('later');
  });

  it('hangs until it is released', async () => {
    receiver.answer({ hang: true, status: 202 });
    const answer = deliver(BODY);
    await receiver.waitForDelivery();
    expect(receiver.release()).toBe(1);
    expect((await answer).status).toBe(202);
  });

  it('waits for a matching delivery, and names the missing one in a timeout', async () => {
    const waiting = receiver.waitForDelivery(({ path }) => path === '/second');
    await deliver(BODY, {}, '/first');
    await deliver(BODY, {}, '/second');
    expect((await waiting).path).toBe('/second');
    const never = receiver.waitForDelivery(({ path }) => path === '/third', { timeoutMs: 1 });
    await expect(never).rejects.toThrow(
      /^A webhook delivery did not arrive within 1 ms \(0 of 1\); last: .*25bzj8j/,
    );
  });
});

describe('verify', () => {
  it('accepts a correctly signed delivery and returns its body', async () => {
    await deliver(BODY, signed(BODY));
    expect(receiver.verify(receiver.deliveries[0])).toEqual(JSON.parse(BODY));
  });

  it.each([
    ['webhook-signature', 'v1,AAAA', 'webhook-signature is wrong: No matching signature found'],
    ['webhook-timestamp', '1', 'webhook-signature is wrong: Message timestamp too old'],
    ['webhook-id', 'msg_2', 'webhook-signature is wrong: No matching signature found'],
    ['x-livingdocs-signature', 'sha256=00', 'x-livingdocs-signature is wrong'],
  ])('refuses a wrong %s', async (name, value, message) => {
    await deliver(BODY, { ...signed(BODY), [name]: value });
    expect(() => receiver.verify(receiver.deliveries[0])).toThrow(message);
  });

  it('refuses a missing header, a changed body and a wrong secret', async () => {
    await deliver(BODY);
    await deliver(`${BODY} `, signed(BODY));
    await deliver(BODY, signed(BODY));
    const [bare, changed, good] = receiver.deliveries;
    expect(() => receiver.verify(bare)).toThrow('webhook-id is missing');
    expect(() => receiver.verify(changed)).toThrow('webhook-signature is wrong');
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    expect(() => receiver.verify(good, other)).toThrow('webhook-signature is wrong');
  });
});
