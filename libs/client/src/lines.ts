/**
 * Lines of a text in chunks, without their line feeds.
 *
 * @throws TypeError for bytes that are not UTF-8
 */
export async function* linesOf(
  chunks: Iterable<string> | AsyncIterable<Uint8Array | string>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** A web stream as an iterable: not every browser iterates over streams. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

export interface LiveOptions {
  readonly signal: AbortSignal;
  /** Milliseconds without a chunk after which the connection counts as lost. */
  readonly silenceMs: number;
}

/**
 * The chunks of a response that arrive over time. Cancels the stream itself when the signal is aborted, because aborting
 * a request whose response has begun may have no effect.
 *
 * @throws Error after a long silence, or the reason of the signal
 */
export async function* liveChunksOf(
  stream: ReadableStream<Uint8Array>,
  { signal, silenceMs }: LiveOptions,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  const end = new AbortController();
  const cancel = (): void => void reader.cancel().catch(() => undefined); // it is broken already
  const abort = (): void => end.abort(signal.reason);
  end.signal.addEventListener('abort', cancel, { once: true });
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    for (;;) {
      const silence = setTimeout(() => end.abort(new Error('The server is silent')), silenceMs);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      end.signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    cancel();
  }
}
