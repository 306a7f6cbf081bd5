import type { Duplex, Readable } from 'node:stream';

import { afterEach } from 'vitest';

import { OutboundClient, type OutboundOptions } from '../outbound.client.js';
import { OutboundError } from '../outbound.error.js';

interface Closable {
  close(): Promise<void>;
}

export interface Scope {
  /** Has something closed after the test that is running. */
  keep<T extends Closable>(thing: T | Promise<T>): Promise<T>;
  /** A client that trusts the loopback network unless told otherwise. */
  client(options?: OutboundOptions): OutboundClient;
}

/** Closes what a test has opened, the latest first. */
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

/** The error that a promise fails with; fails itself when that is none of ours, or none at all. */
export async function failureOf(promise: Promise<unknown>): Promise<OutboundError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof OutboundError) return outcome;
  throw new Error('Expected an OutboundError', { cause: outcome });
}

/** Reads a body to its end and keeps nothing of it. */
export async function drain(body: Readable): Promise<void> {
  for await (const _ of body);
}

/** Waits until a stream or socket is closed, by an error or not. */
export function closeOf(stream: Readable | Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', () => resolve());
  });
}
