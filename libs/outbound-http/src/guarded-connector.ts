import { isIP, type LookupFunction } from 'node:net';
import type { SecureContext } from 'node:tls';
import { callbackify } from 'node:util';

import { buildConnector } from 'undici';

import { isNameUnknown, type NameLookup } from './name-lookup.js';
import { OutboundError } from './outbound.error.js';
import { bareHost, portOf } from './url-parts.js';
import type { UrlPolicy } from './url.policy.js';

export interface GuardedConnectorOptions {
  readonly policy: UrlPolicy;
  readonly lookup: NameLookup;
  /** Milliseconds for lookup, TCP and TLS handshake together. */
  readonly connectMs: number;
  readonly secureContext: SecureContext | undefined;
}

// Node's default of 250 ms per address is too short for intercontinental connections.
const NEXT_ADDRESS_MS = 500;

/**
 * Creates the sockets of one origin. Node connects only to the addresses that our lookup returns, so the connected
 * address is always a checked one.
 */
export function guardedConnector(
  origin: URL,
  { policy, lookup, connectMs, secureContext }: GuardedConnectorOptions,
): buildConnector.connector {
  const host = bareHost(origin);
  const port = portOf(origin);
  const connect = buildConnector({
    // Options of TCP and TLS sockets share one object; undici passes on both.
    ...(secureContext && { secureContext }),
    timeout: connectMs,
    allowH2: false,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    lookup: guardedLookup(policy, lookup, port),
  });
  return (options, callback) => {
    // Node skips the lookup for IP addresses, so the address is checked here.
    if (isIP(host) !== 0) {
      try {
        policy.checkResolved(host, port, [host]);
      } catch (error) {
        process.nextTick(callback, error, null);
        return;
      }
    }
    connect(options, callback);
  };
}

/** Creates a lookup function for sockets that returns addresses accepted by the policy, or an error. */
export function guardedLookup(policy: UrlPolicy, lookup: NameLookup, port: number): LookupFunction {
  const resolve = callbackify((hostname: string) => resolveChecked(policy, lookup, hostname, port));
  return (hostname, options, callback) =>
    resolve(hostname, (error, addresses) => {
      if (error) callback(error, '');
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0].address, addresses[0].family);
    });
}

interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

async function resolveChecked(
  policy: UrlPolicy,
  lookup: NameLookup,
  hostname: string,
  port: number,
): Promise<[ResolvedAddress, ...ResolvedAddress[]]> {
  const addresses = await lookup(hostname).catch((cause: unknown) => {
    throw new OutboundError(isNameUnknown(cause) ? 'hostNotFound' : 'lookupFailed', { cause });
  });
  policy.checkResolved(hostname, port, addresses);
  const [first, ...rest] = addresses.map((address) => ({ address, family: isIP(address) }));
  if (!first) throw new OutboundError('hostNotFound');
  return [first, ...rest];
}
