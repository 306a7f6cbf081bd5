import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { contentOf, type Answer, type AnswerOptions, type Body, type Content } from './origin.answer.js';
import { Gate } from './origin.gate.js';
import { listen, type Listening } from './origin.listen.js';
import { send } from './origin.send.js';
import { WaitableLog, type WaitOptions } from './origin.waiting.js';

export type { Answer, AnswerOptions, Body } from './origin.answer.js';
export type { WaitOptions } from './origin.waiting.js';

/** One request that came. */
export interface OriginRequest {
  method: string;
  /** As it was sent, with the query. */
  path: string;
  headers: IncomingHttpHeaders;
  /** In milliseconds since the epoch. */
  at: number;
  /** null until it is answered; 0 where the connection was reset instead. */
  status: number | null;
}

export interface OriginOptions {
  /** A loopback address; another one of 127.0.0.0/8 is another host to clients. Default 127.0.0.1. */
  host?: string;
  port?: number;
}

interface Script {
  answers: { answer: Answer; content: (path: string) => Content }[];
  next: number;
}

/** Starts an HTTP server on loopback that answers as its scripts say. */
export async function startOrigin(options: OriginOptions = {}): Promise<Origin> {
  const origin = new Origin();
  await origin.open(options);
  return origin;
}

/** A server of files that can misbehave in every way a test needs. What has no script is a 404. */
export class Origin {
  /** How many requests were being answered at the same time, at most. */
  peakInFlight = 0;
  private inFlight = 0;
  private listening: Listening;
  private readonly scripts = new Map<string, Script>();
  private readonly log = new WaitableLog<OriginRequest>(({ method, path }) => `${method} ${path}`);
  private readonly sent = new Map<string, number>();
  private readonly gate = new Gate();

  async open({ host, port }: OriginOptions): Promise<void> {
    const server = createServer((request, response) => {
      // A fault of a script (a file that is gone, say) shows as a broken connection.
      this.answer(request, response).catch(() => response.destroy());
    });
    this.listening = await listen(server, host, port);
  }

  get port(): number {
    return this.listening.port;
  }

  /** The address of a path: `url('/a.mp4')`. */
  url(path: string): string {
    return this.listening.base + path;
  }

  /** Always answers a path in the same way; see {@link script} for what a path can be. */
  serve(path: string, body: Body, options: AnswerOptions = {}): void {
    this.script(path, [{ ...options, body }]);
  }

  /**
   * Answers a path with one answer after another; the last one repeats. A path with a query is for that query alone,
   * one without is for all queries, and one that ends in `/*` is for all that begins so and has no script of its own.
   */
  script(path: string, answers: Answer[]): void {
    const prepared = answers.map((answer) => ({ answer, content: contentOf(answer.body) }));
    this.scripts.set(path, { answers: prepared, next: 0 });
  }

  /** Every request, in the order in which they came. */
  get requests(): readonly OriginRequest[] {
    return this.log.entries;
  }

  /** The requests of a path, with any query where the path has none. */
  requestsTo(path: string): OriginRequest[] {
    return this.log.entries.filter(isTo(path));
  }

  /** Resolves when a request for a path has come (also one that came before). */
  waitForRequest(path: string, options?: WaitOptions): Promise<OriginRequest> {
    return this.log.waitFor(`A request for ${path}`, isTo(path), options);
  }

  /** How many bytes of bodies sockets have taken for a path, over all its requests and queries. */
  bytesSent(path: string): number {
    return this.sent.get(withoutQuery(path)) ?? 0;
  }

  get openConnections(): number {
    return this.listening.connections.size;
  }

  /** Lets answers go on that hang, of one path or of all. Returns how many those were. */
  release(path?: string): number {
    return this.gate.release(path);
  }

  /** Ends the server, its connections and the answers that hang. */
  async close(): Promise<void> {
    await this.listening.close();
    this.gate.release();
  }

  private async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = message;
    const bare = withoutQuery(path);
    const record: OriginRequest = { method, path, headers, at: Date.now(), status: null };
    const { answer, content } = this.nextAnswer(path, bare);
    this.peakInFlight = Math.max(this.peakInFlight, ++this.inFlight);
    response.once('close', () => this.inFlight--);
    message.resume();
    this.log.add(record);
    await send(answer, content(bare), message, response, {
      hold: () => this.gate.wait(bare),
      onStatus: (status) => (record.status = status),
      onBytes: (count) => this.sent.set(bare, (this.sent.get(bare) ?? 0) + count),
    });
  }

  private nextAnswer(path: string, bare: string) {
    const script = this.scripts.get(path) ?? this.scripts.get(bare) ?? this.wildcard(bare);
    if (!script) return NOT_FOUND;
    const last = script.answers.length - 1;
    return script.answers[Math.min(script.next++, last)] ?? NOT_FOUND;
  }

  private wildcard(path: string): Script | undefined {
    for (let end = path.lastIndexOf('/'); end >= 0; end = end === 0 ? -1 : path.lastIndexOf('/', end - 1)) {
      const script = this.scripts.get(`${path.slice(0, end)}/*`);
      if (script) return script;
    }
    return undefined;
  }
}

const NOT_FOUND = {
  answer: { status: 404, contentType: 'text/plain' } satisfies Answer,
  content: contentOf(Buffer.from('Not found')),
};

function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

function isTo(path: string): (request: OriginRequest) => boolean {
  return path.includes('?')
    ? (request) => request.path === path
    : (request) => withoutQuery(request.path) === path;
}
