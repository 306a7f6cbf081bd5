import { type BlockedPeer, onBlockedPeer } from '#libs/outbound-http';
import type { Environment } from '../config/environment.js';

type Settings = Pick<Environment, 'TRUSTED_NETWORKS' | 'OUTBOUND_PORTS'>;

/** An archive with many blocked hosts must not fill the terminal. */
const MOST_HINTS = 10;

/**
 * Logs the setting that allows a blocked host or port, once for each. Only for trials, whose operator reads the log; the
 * API does not name settings to partners.
 *
 * @returns a function that ends it
 */
export function hintAtBlockedPeers(settings: Settings, log: (line: string) => void): () => void {
  const given = new Set<string>();
  return onBlockedPeer((peer) => {
    const hint = hintAt(peer, settings);
    if (given.has(hint) || given.size === MOST_HINTS) return;
    given.add(hint);
    log(hint);
  });
}

/** The setting that allows a blocked host or port, beside what is allowed already. */
export function hintAt(
  { host, port, fault }: BlockedPeer,
  { TRUSTED_NETWORKS, OUTBOUND_PORTS }: Settings,
): string {
  if (fault === 'port')
    return (
      `URL blocked: port ${port} of ${host} is not allowed. To allow this port everywhere, start with ` +
      `OUTBOUND_PORTS=${[...OUTBOUND_PORTS, port].join(',')} npm start`
    );
  return (
    `URL blocked: ${host} is not on the public internet. To allow it with every port, start with ` +
    `TRUSTED_NETWORKS=${[...TRUSTED_NETWORKS, host].join(',')} npm start`
  );
}
