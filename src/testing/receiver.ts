import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer as readAll } from 'node:stream/consumers';
import { Gate } from './gate.js';
import { listen, type Listening } from './listen.js';
import { WaitableLog, type WaitOptions } from './waitable-log.js';
import { verifyDelivery } from './receiver.verify.js';

/** A received delivery attempt. */
export interface Delivery {
  path: string;
  method: string;
  headers: IncomingHttpHeaders;
  /** The body as it was signed, byte by byte. */
  raw: string;
  /** The body parsed as JSON; undefined if it is not JSON. */
  body: unknown;
  /** Milliseconds since the epoch. */
  at: number;
}

/** How the receiver answers a delivery. */
export interface ReceiverAnswer {
  /** Default 204. */
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Delays the answer until `release()`. */
  hang?: boolean;
}

export interface ReceiverOptions {
  /** `whsec_…`; the default secret of `verify`. */
  secret?: string;
  /** A loopback address. Default 127.0.0.1. */
  host?: string;
  /** Default: any free port. */
  port?: number;
}

/** Starts a webhook receiver on loopback. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = new Receiver(options.secret);
  await receiver.open(options);
  return receiver;
}

/** A partner's webhook receiver, which records deliveries and gives scripted answers. */
export class Receiver {
  private listening: Listening;
  private script: ReceiverAnswer[] = [];
  private readonly log = new WaitableLog<Delivery>(({ headers, raw }) => {
    return `${String(headers['webhook-id'] ?? 'without webhook-id')} ${raw.slice(0, 100)}`;
  });
  private readonly gate = new Gate();

  constructor(private readonly secret?: string) {}

  async open({ host, port }: Pick<ReceiverOptions, 'host' | 'port'> = {}): Promise<void> {
    const server = createServer((request, response) => {
      // The sender disconnected before the end of the body: nothing was delivered.
      this.receive(request, response).catch(() => response.destroy());
    });
    this.listening = await listen(server, host, port);
  }

  /** The URL to register, with any path, such as `url('/hook')`. */
  url(path = '/'): string {
    return this.listening.base + path;
  }

  /** Sets the next answers; the last one repeats. A number is a status. */
  answer(...answers: (ReceiverAnswer | number)[]): void {
    this.script = answers.map((answer) => (typeof answer === 'number' ? { status: answer } : answer));
  }

  /** All deliveries, in order of arrival. */
  get deliveries(): readonly Delivery[] {
    return this.log.entries;
  }

  /** Resolves with the first (or `count`th) matching delivery, even an earlier one. */
  waitForDelivery(
    matches: (delivery: Delivery) => boolean = () => true,
    options?: WaitOptions,
  ): Promise<Delivery> {
    return this.log.waitFor('A webhook delivery', matches, options);
  }

  /**
   * Checks both signatures of a delivery.
   *
   * @returns the body
   * @throws Error that says which signature is wrong
   */
  verify(delivery: Delivery, secret: string | undefined = this.secret): unknown {
    if (secret === undefined) throw new Error('verify() needs a secret');
    return verifyDelivery(delivery, secret);
  }

  /** Answers the hanging deliveries. Returns their number. */
  release(): number {
    return this.gate.release();
  }

  /** Stops the server and closes its connections. */
  async close(): Promise<void> {
    await this.listening.close();
    this.gate.release();
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'POST', url: path = '/', headers } = request;
    const raw = (await readAll(request)).toString('utf8');
    const answer = (this.script.length > 1 ? this.script.shift() : this.script[0]) ?? {};
    this.log.add({ path, method, headers, raw, body: parse(raw), at: Date.now() });
    if (answer.hang) await this.gate.wait(path);
    response.writeHead(answer.status ?? 204, answer.headers);
    response.end(answer.body);
  }
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    // A test may read the raw body instead.
    return undefined;
  }
}
