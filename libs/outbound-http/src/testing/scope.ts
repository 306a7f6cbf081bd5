import type { Duplex, Readable } from 'node:stream';

import { afterEach } from 'vitest';

import { OutboundClient, type OutboundOptions } from '../outbound.client.js';
import { OutboundError } from '../outbound.error.js';

interface Closable {
  close(): Promise<void>;
}

export interface Scope {
  /** Closes `thing` after the running test. */
  keep<T extends Closable>(thing: T | Promise<T>): Promise<T>;
  /** Creates a client that trusts the loopback network by default. */
  client(options?: OutboundOptions): OutboundClient;
}

/** Closes the resources of each test in reverse order. */
export function closingScope(): Scope {
  const open: Closable[] = [];
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close();
  });
  return {
    keep: async (thing) => {
      const kept = await thing;
      open.push(kept);
      return kept;
    },
    client: (options) => {
      const client = new OutboundClient({ trustedNetworks: ['127.0.0.0/8'], ...options });
      open.push(client);
      return client;
    },
  };
}

/** Returns the error of a failing promise; throws if the promise does not fail with an OutboundError. */
export async function failureOf(promise: Promise<unknown>): Promise<OutboundError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof OutboundError) return outcome;
  throw new Error('Expected an OutboundError', { cause: outcome });
}

/** Reads a body to its end and discards the bytes. */
export async function drain(body: Readable): Promise<void> {
  for await (const _ of body);
}

/** Waits until a stream or socket is closed, with or without an error. */
export function closeOf(stream: Readable | Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', () => resolve());
  });
}
