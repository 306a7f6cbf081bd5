import { OutboundError, UrlPolicy } from '#libs/outbound-http';
import { loadEnvironment } from '../config/load-environment.js';

let policy: UrlPolicy | undefined;

/** What is wrong with an address that we could never reach out to, as far as it can be told without looking it up. */
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
