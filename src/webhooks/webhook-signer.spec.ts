import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { signatureHeaders } from './webhook-signer.js';

const NEW_KEY = randomBytes(32);
const OLD_KEY = randomBytes(24);
const NEW = `whsec_${NEW_KEY.toString('base64')}`;
const OLD = `whsec_${OLD_KEY.toString('base64')}`;
const message = { id: 'msg_1', body: '{"title":"Zürich 🎬"}', at: new Date() };

describe('signatureHeaders', () => {
  it('is accepted by the library of the specification', () => {
    const headers = signatureHeaders(message, [NEW]);
    expect(new Webhook(NEW).verify(message.body, headers)).toEqual({ title: 'Zürich 🎬' });
    expect(() => new Webhook(NEW).verify(`${message.body} `, headers)).toThrow('No matching signature');
    expect(() => new Webhook(OLD).verify(message.body, headers)).toThrow('No matching signature');
  });

  it('signs "id.timestamp.body" with the decoded bytes of the secret', () => {
    const headers = signatureHeaders({ ...message, at: new Date('2020-01-01T13:45:12.999Z') }, [NEW]);
    const signature = createHmac('sha256', NEW_KEY)
      .update(`msg_1.1577886312.${message.body}`)
      .digest('base64');
    expect(headers).toMatchObject({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1577886312',
      'webhook-signature': `v1,${signature}`,
    });
  });

  it('also signs the body alone', () => {
    const signature = createHmac('sha256', NEW_KEY).update(message.body).digest('hex');
    expect(signatureHeaders(message, [NEW])['x-livingdocs-signature']).toBe(`sha256=${signature}`);
  });

  it('has a signature for each secret during a rotation, newest first', () => {
    const both = signatureHeaders(message, [NEW, OLD]);
    expect(new Webhook(NEW).verify(message.body, both)).toBeDefined();
    expect(new Webhook(OLD).verify(message.body, both)).toBeDefined();
    expect(both['webhook-signature'].split(' ')).toEqual([
      signatureHeaders(message, [NEW])['webhook-signature'],
      signatureHeaders(message, [OLD])['webhook-signature'],
    ]);
    expect(both['x-livingdocs-signature']).toBe(signatureHeaders(message, [NEW])['x-livingdocs-signature']);
  });

  it('throws without a secret', () => {
    expect(() => signatureHeaders(message, [])).toThrow('No secret');
    expect(() => signatureHeaders(message, ['whsec_'])).toThrow("can't be empty");
  });
});
