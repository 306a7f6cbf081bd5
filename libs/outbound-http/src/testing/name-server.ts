import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

import ipaddr from 'ipaddr.js';

const A = 1;
const NAME_ERROR = 3;
const SERVER_FAILURE = 2;

/** name -> addresses; `SERVFAIL` stands for a name server in trouble. Other names do not exist. */
export type Zone = Readonly<Record<string, readonly string[] | 'SERVFAIL'>>;

/** A name server on loopback that answers A and AAAA questions over UDP (RFC 1035, RFC 3596). */
export async function serveNames(zone: Zone): Promise<{ address: string; close(): Promise<void> }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => socket.send(answer(query, zone), peer.port, peer.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

function answer(query: Buffer, zone: Zone): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1);
  const entry = zone[labels.join('.').toLowerCase()];
  const code = entry === undefined ? NAME_ERROR : entry === 'SERVFAIL' ? SERVER_FAILURE : 0;
  const addresses = Array.isArray(entry) ? entry.map(String) : [];
  const records = addresses
    .filter((address) => isIPv4(address) === (type === A))
    .map((address) => Buffer.from(ipaddr.parse(address).toByteArray()));
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(12, at + 5), ...records.map((data) => record(type, data))]);
}

function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
