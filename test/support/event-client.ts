import { get, type IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';

/** An event as received. */
export interface ReceivedEvent {
  event: string;
  /** Undefined if it has none. */
  id: string | undefined;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies differ by type, and tests compare them
  data: any;
}

export interface EventConnection {
  status: number;
  headers: IncomingMessage['headers'];
  /** Events one by one; ends with the connection. */
  events: AsyncGenerator<ReceivedEvent>;
  /** Last id that the client has seen, also without data. */
  lastId(): string | undefined;
  /** The raw response, for clients that do not read. */
  response: IncomingMessage;
  /** Destroys the socket. */
  cut(): void;
}

/** Opens a stream of server-sent events on a socket of its own. */
export async function openEvents(
  url: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<EventConnection> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { agent: false, headers: { authorization: `Bearer ${token}`, ...headers } }, resolve).once(
      'error',
      reject,
    );
  });
  let lastId: string | undefined;
  // A stream that is cut off ends with an error.
  response.on('error', () => undefined);

  async function* events(): AsyncGenerator<ReceivedEvent> {
    const plain = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
    // A client that is cut off does not wait for the rest of a part.
    if (plain !== response) response.once('close', () => plain.destroy());
    plain.setEncoding('utf8');
    let text = '';
    try {
      for await (const chunk of plain) {
        text += String(chunk);
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const fields = new Map(
            block.split('\n').map((line): [string, string] => {
              const [name = '', value = ''] = line.split(/: (.*)/s, 2);
              return [name, value];
            }),
          );
          const id = fields.get('id');
          const data = fields.get('data');
          if (data !== undefined)
            yield { event: fields.get('event') ?? 'message', id, data: JSON.parse(data) };
          // Only now: until then the event may not have been processed.
          lastId = id ?? lastId;
        }
      }
    } catch (error) {
      // Cut off, unless an event is no JSON.
      if (error instanceof SyntaxError) throw error;
    }
  }

  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events: events(),
    lastId: () => lastId,
    response,
    cut: () => response.destroy(),
  };
}
