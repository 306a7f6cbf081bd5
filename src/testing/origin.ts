import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { contentOf, type Answer, type AnswerOptions, type Body, type Content } from './origin.answer.js';
import { Gate } from './gate.js';
import { listen, type Listening } from './listen.js';
import { send } from './origin.send.js';
import { WaitableLog, type WaitOptions } from './waitable-log.js';

export type { Answer, AnswerOptions, Body } from './origin.answer.js';
export type { WaitOptions } from './waitable-log.js';

/** A received request. */
export interface OriginRequest {
  method: string;
  /** As sent, including the query. */
  path: string;
  headers: IncomingHttpHeaders;
  /** Milliseconds since the epoch. */
  at: number;
  /** null until it is answered; 0 after a reset. */
  status: number | null;
}

export interface OriginOptions {
  /** A loopback address. Clients treat each address of 127.0.0.0/8 as another host. Default 127.0.0.1. */
  host?: string;
  port?: number;
}

interface Script {
  answers: { answer: Answer; content: (path: string) => Content }[];
  next: number;
}

/** Starts an HTTP server on loopback with scripted answers. */
export async function startOrigin(options: OriginOptions = {}): Promise<Origin> {
  const origin = new Origin();
  await origin.open(options);
  return origin;
}

/** A file server with scripted faults. Paths without a script get a 404. */
export class Origin {
  /** Maximum number of concurrent requests. */
  peakInFlight = 0;
  private inFlight = 0;
  private listening: Listening;
  private readonly scripts = new Map<string, Script>();
  private readonly log = new WaitableLog<OriginRequest>(({ method, path }) => `${method} ${path}`);
  private readonly sent = new Map<string, number>();
  private readonly gate = new Gate();

  async open({ host, port }: OriginOptions): Promise<void> {
    const server = createServer((request, response) => {
      // An error in a script, such as a missing file, becomes a broken connection.
      this.answer(request, response).catch(() => response.destroy());
    });
    this.listening = await listen(server, host, port);
  }

  get port(): number {
    return this.listening.port;
  }

  /** The URL of a path, such as `url('/a.mp4')`. */
  url(path: string): string {
    return this.listening.base + path;
  }

  /** Gives the same answer at a path every time; see {@link script} for paths. */
  serve(path: string, body: Body, options: AnswerOptions = {}): void {
    this.script(path, [{ ...options, body }]);
  }

  /**
   * Gives one answer after another at a path; the last one repeats. A path with a query matches only that query, a path
   * without a query matches all. A path that ends in `/*` matches everything below it that has no script of its own.
   */
  script(path: string, answers: Answer[]): void {
    const prepared = answers.map((answer) => ({ answer, content: contentOf(answer.body) }));
    this.scripts.set(path, { answers: prepared, next: 0 });
  }

  /** All requests, in order of arrival. */
  get requests(): readonly OriginRequest[] {
    return this.log.entries;
  }

  /** Requests for a path. A path without a query matches all queries. */
  requestsTo(path: string): OriginRequest[] {
    return this.log.entries.filter(isTo(path));
  }

  /** Resolves with a request for the path, even an earlier one. */
  waitForRequest(path: string, options?: WaitOptions): Promise<OriginRequest> {
    return this.log.waitFor(`A request for ${path}`, isTo(path), options);
  }

  /** Number of body bytes that sockets accepted for a path, over all requests and queries. */
  bytesSent(path: string): number {
    return this.sent.get(withoutQuery(path)) ?? 0;
  }

  get openConnections(): number {
    return this.listening.connections.size;
  }

  /** Resumes hanging answers of one path or of all. Returns their number. */
  release(path?: string): number {
    return this.gate.release(path);
  }

  /** Stops the server, its connections and the hanging answers. */
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
