import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import {
  type Answer as ResourceRecord,
  decode,
  encode,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
} from 'dns-packet';

/** Response codes of RFC 1035, section 4.1.1. */
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

/**
 * Starts a name server on loopback that answers A and AAAA questions over UDP and resolves aliases (RFC 1035, RFC
 * 3596).
 */
export async function serveNames(zone: Zone): Promise<NameServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  socket.on('message', (query, peer) => {
    const question = questionOf(query);
    questions.push(`${question.type} ${question.name}`);
    void answer(question, zone).then(
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

interface Question {
  readonly id: number | undefined;
  readonly name: string;
  readonly type: 'A' | 'AAAA';
}

function questionOf(query: Buffer): Question {
  const { id, questions: [question] = [] } = decode(query);
  if (question?.type !== 'A' && question?.type !== 'AAAA')
    throw new Error(`Unexpected question of type ${question?.type}`);
  return { id, name: question.name.toLowerCase(), type: question.type };
}

async function answer({ id, name, type }: Question, zone: Zone): Promise<Buffer | undefined> {
  const answers: ResourceRecord[] = [];
  let owner = name;
  let entry = await entryOf(zone, owner, type);
  while (isAlias(entry) && answers.length < MAX_CHAIN) {
    answers.push({ type: 'CNAME', name: owner, data: entry.cname });
    owner = entry.cname;
    entry = await entryOf(zone, owner, type);
  }
  if (entry === 'SILENCE') return undefined;
  if (Array.isArray(entry)) {
    for (const address of entry.map(String).filter((text) => isIPv4(text) === (type === 'A'))) {
      answers.push({ type, name: owner, data: address });
    }
  }
  const code = entry === undefined ? NAME_ERROR : entry === 'SERVFAIL' ? SERVER_FAILURE : NO_ERROR;
  return encode({
    type: 'response',
    ...(id !== undefined && { id }),
    flags: RECURSION_DESIRED | RECURSION_AVAILABLE | code,
    questions: [{ type, name }],
    answers,
  });
}

function entryOf(zone: Zone, name: string, type: Question['type']): Promise<Answer | undefined> {
  const entry = Object.hasOwn(zone, name) ? zone[name] : undefined;
  return Promise.resolve(typeof entry === 'function' ? entry(type) : entry);
}

function isAlias(entry: Answer | undefined): entry is { readonly cname: string } {
  return typeof entry === 'object' && 'cname' in entry;
}
