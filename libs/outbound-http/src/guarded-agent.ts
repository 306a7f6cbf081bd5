import { createSecureContext, rootCertificates } from 'node:tls';

import { Agent, type Client, Pool } from 'undici';

import { GatedClient } from './gated-client.js';
import { guardedConnector } from './guarded-connector.js';
import type { NameLookup } from './name-lookup.js';
import type { UrlPolicy } from './url.policy.js';

export interface GuardedAgentOptions {
  readonly policy: UrlPolicy;
  readonly lookup: NameLookup;
  readonly connectMs: number;
  readonly maxHeaderBytes: number;
  readonly connectionsPerOrigin: number;
  readonly keepAliveMs: number;
  readonly certificateAuthorities: readonly string[];
}

// Upper limit for the Keep-Alive header of a server, so that a server cannot make us hoard sockets.
const MAX_KEEP_ALIVE_MS = 60_000;

/** Creates an agent with one connection pool per origin; every pool connects through a guarded connector. */
export function guardedAgent(options: GuardedAgentOptions): Agent {
  const authorities = options.certificateAuthorities;
  const secureContext =
    authorities.length > 0 ? createSecureContext({ ca: [...rootCertificates, ...authorities] }) : undefined;
  return new Agent({
    factory: (origin) => {
      const connect = guardedConnector(new URL(origin), { ...options, secureContext });
      return new Pool(origin, {
        factory: (target, clientOptions: Client.Options) =>
          new GatedClient(target, { ...clientOptions, connect }),
        connect,
        connections: options.connectionsPerOrigin,
        pipelining: 1,
        keepAliveTimeout: options.keepAliveMs,
        keepAliveMaxTimeout: Math.max(options.keepAliveMs, MAX_KEEP_ALIVE_MS),
        maxHeaderSize: options.maxHeaderBytes,
        // The watchdog of each exchange enforces these timeouts; interim responses would restart undici's.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
    },
  });
}
