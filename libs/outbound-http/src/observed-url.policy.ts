import { withoutTrailingDot } from './host-name.js';
import { OutboundError } from './outbound.error.js';
import { bareHost, portOf } from './url-parts.js';
import { UrlPolicy } from './url.policy.js';

/** A host or a port that was blocked and that an option could allow. */
export interface BlockedPeer {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** `host`: not in `trustedNetworks`; `port`: not in `allowedPorts`. */
  readonly fault: 'host' | 'port';
}

const listeners = new Set<(peer: BlockedPeer) => void>();

/**
 * Calls a listener whenever a client of this process blocks a peer. For the operator alone: errors name neither hosts
 * nor ports.
 *
 * @returns a function that ends the calls
 */
export function onBlockedPeer(listener: (peer: BlockedPeer) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A policy that publishes what it blocks. */
export class ObservedUrlPolicy extends UrlPolicy {
  override check(url: string | URL): URL {
    try {
      return super.check(url);
    } catch (error) {
      if (isConfigurable(error)) {
        const parsed = new URL(url);
        publish(withoutTrailingDot(bareHost(parsed)), portOf(parsed), error.fault);
      }
      throw error;
    }
  }

  override checkResolved(host: string, port: number, addresses: readonly string[]): void {
    try {
      super.checkResolved(host, port, addresses);
    } catch (error) {
      if (isConfigurable(error)) publish(host, port, error.fault);
      throw error;
    }
  }
}

function publish(host: string, port: number, fault: BlockedPeer['fault']): void {
  for (const listener of listeners) listener({ host, port, fault });
}

const isConfigurable = (error: unknown): error is OutboundError & { fault: BlockedPeer['fault'] } =>
  error instanceof OutboundError && (error.fault === 'host' || error.fault === 'port');
