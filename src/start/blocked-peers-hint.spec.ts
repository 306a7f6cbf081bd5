import { expect, it } from 'vitest';
import { OutboundClient } from '#libs/outbound-http';
import { hintAt, hintAtBlockedPeers } from './blocked-peers-hint.js';

const NOTHING = { TRUSTED_NETWORKS: [], OUTBOUND_PORTS: [80, 443] };

it('a hint keeps what is allowed already', () => {
  const settings = { TRUSTED_NETWORKS: ['10.0.0.0/8'], OUTBOUND_PORTS: [80, 443] };
  expect(hintAt({ host: '::1', port: 80, fault: 'host' }, settings)).toContain(
    'TRUSTED_NETWORKS=10.0.0.0/8,::1 npm start',
  );
  expect(hintAt({ host: 'example.com', port: 8080, fault: 'port' }, settings)).toContain(
    'OUTBOUND_PORTS=80,443,8080 npm start',
  );
});

it('a hint is logged once per host, and not for any number of hosts', async () => {
  const lines: string[] = [];
  const stop = hintAtBlockedPeers(NOTHING, (line) => lines.push(line));
  const client = new OutboundClient();
  const request = (url: string) => client.request(url).catch(String);
  for (const port of [8000, 8001]) await request(`http://127.0.0.1:${port}/?token=secret`);
  expect(lines).toEqual([
    'URL blocked: 127.0.0.1 is not on the public internet. To allow it with every port, start with ' +
      'TRUSTED_NETWORKS=127.0.0.1 npm start',
  ]);
  for (let last = 1; last <= 50; last++) await request(`http://10.0.0.${last}/`);
  expect(lines).toHaveLength(10);
  stop();
  await client.close();
});
