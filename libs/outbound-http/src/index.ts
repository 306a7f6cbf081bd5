export { compressionsOf } from './compression.js';
export { hostKey } from './host-key.js';
export { DEFAULT_LIMITS, type OutboundLimits, type RequestLimits } from './limits.js';
export { dnsLookup, type DnsLookupOptions, type NameLookup, systemLookup } from './name-lookup.js';
export { type BlockedPeer, onBlockedPeer } from './observed-url.policy.js';
export {
  OutboundClient,
  type OutboundOptions,
  type OutboundRequest,
  type OutboundResponse,
} from './outbound.client.js';
export { OutboundError, type OutboundErrorCode, type OutboundFault } from './outbound.error.js';
export { parseUrl } from './parse-url.js';
export type { ResponseHeaders } from './response-headers.js';
export { UrlPolicy, type UrlPolicyOptions } from './url.policy.js';
export { retryAfterMs } from './retry-after.js';
export { understoodStatus } from './understood-status.js';
