import { expect, it } from 'vitest';
import { headersOf } from './headers.js';

const FOUND = {
  'webhook-id': 'msg_1',
  'webhook-timestamp': '1795851000',
  'webhook-signature': 'v1,a+b/c= v1,d=',
};

it.each([
  [
    'HTTP',
    'Webhook-Id: msg_1\r\nHost: example.com\r\nWebhook-Timestamp: 1795851000\r\nWebhook-Signature: v1,a+b/c= v1,d=\r\n',
  ],
  [
    'JSON',
    `{\n "webhook-id": "msg_1",\n "webhook-timestamp": 1795851000,\n "webhook-signature": "v1,a+b/c= v1,d="\n}`,
  ],
  ['curl -v', '< webhook-id: msg_1\n< webhook-timestamp: 1795851000\n< webhook-signature: v1,a+b/c= v1,d='],
  [
    'curl -H',
    `-H 'webhook-id: msg_1' \\\n-H 'webhook-timestamp: 1795851000' \\\n-H 'webhook-signature: v1,a+b/c= v1,d='`,
  ],
])('reads headers as %s writes them', (_, text) => {
  expect(headersOf(text)).toEqual(FOUND);
});

it('leaves out what is not there or empty', () => {
  expect(headersOf('webhook-id:\nx-webhook: 1')).toEqual({});
});
