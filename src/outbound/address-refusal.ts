import { OutboundError, UrlPolicy } from '#libs/outbound-http';
import { loadEnvironment } from '../config/load-environment.js';

let policy: UrlPolicy | undefined;

/** Explains why an address can never be reached, as far as this is known without a DNS lookup. */
export function addressRefusal(url: string): string | undefined {
  const { TRUSTED_NETWORKS, OUTBOUND_PORTS } = loadEnvironment();
  policy ??= new UrlPolicy({ trustedNetworks: TRUSTED_NETWORKS, allowedPorts: OUTBOUND_PORTS });
  try {
    policy.check(url);
    return undefined;
  } catch (error) {
    if (error instanceof OutboundError) return error.message;
    throw error;
  }
}
