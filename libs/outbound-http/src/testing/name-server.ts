import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

import ipaddr from 'ipaddr.js';

const A = 1;
const CNAME = 5;
const AAAA = 28;
const NO_ERROR = 0;
const SERVER_FAILURE = 2;
const NAME_ERROR = 3;
// Longer than any chain of a test; ends circular aliases.
const MAX_CHAIN = 16;

/** The addresses of a name, its alias, a failing name server, or a silent one. */
export type Answer = readonly string[] | { readonly cname: string } | 'SERVFAIL' | 'SILENCE';

/** Answers by name; a function makes one answer per question, or promises one. Other names do not exist. */
export type Zone = Readonly<Record<string, Answer | ((type: 'A' | 'AAAA') => Answer | Promise<Answer>)>>;

export interface NameServer {
  /** `address:port` */
  readonly address: string;
  /** All questions so far, such as `A files.example.com`, in order of arrival. */
  readonly questions: readonly string[];
  close(): Promise<void>;
}

interface Question {
  readonly name: string;
  readonly type: number;
  /** Offset in the packet after the question. */
  readonly end: number;
}

/**
 * Starts a name server on loopback that answers A and AAAA questions over UDP and resolves aliases (RFC 1035, RFC
 * 3596).
 */
export async function serveNames(zone: Zone): Promise<NameServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (query, peer) => {
    const question = readQuestion(query);
    questions.push(`${typeName(question.type)} ${question.name}`);
    void answer(query, question, zone).then(
      (packet) => packet && !closed && socket.send(packet, peer.port, peer.address),
    );
  });
  let closed = false;
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    close: async () => {
      closed = true;
      const ended = once(socket, 'close');
      socket.close();
      await ended;
    },
  };
}

function readQuestion(query: Buffer): Question {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

async function answer(query: Buffer, { name, type, end }: Question, zone: Zone): Promise<Buffer | undefined> {
  const records: Buffer[] = [];
  let owner = name;
  let entry = await entryOf(zone, owner, type);
  while (isAlias(entry) && records.length < MAX_CHAIN) {
    records.push(record(owner, CNAME, encodeName(entry.cname)));
    owner = entry.cname;
    entry = await entryOf(zone, owner, type);
  }
  if (entry === 'SILENCE') return undefined;
  if (Array.isArray(entry)) {
    for (const address of entry.map(String).filter((text) => isIPv4(text) === (type === A))) {
      records.push(record(owner, type, Buffer.from(ipaddr.parse(address).toByteArray())));
    }
  }
  const code = entry === undefined ? NAME_ERROR : entry === 'SERVFAIL' ? SERVER_FAILURE : NO_ERROR;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

function entryOf(zone: Zone, name: string, type: number): Promise<Answer | undefined> {
  const entry = Object.hasOwn(zone, name) ? zone[name] : undefined;
  return Promise.resolve(typeof entry === 'function' ? entry(typeName(type)) : entry);
}

function typeName(type: number): 'A' | 'AAAA' {
  if (type !== A && type !== AAAA) throw new Error(`Unexpected question of type ${type}`);
  return type === A ? 'A' : 'AAAA';
}

function isAlias(entry: Answer | undefined): entry is { readonly cname: string } {
  return typeof entry === 'object' && 'cname' in entry;
}

function record(owner: string, type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(owner), head, data]);
}

function encodeName(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'));
  return Buffer.concat([...labels, Buffer.alloc(1)]);
}
