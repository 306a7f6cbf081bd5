import { Webhook } from 'standardwebhooks';
import { SIGNED_HEADERS, type SignedHeader } from './headers.js';

/** What a receiver got. */
export interface Received {
  headers: Partial<Record<SignedHeader, string>>;
  body: string;
  /** Beginning with `whsec_`. */
  secret: string;
}

/** What Reelport knows of the same delivery. */
export interface Sent {
  body: string;
  /** Start of each finished attempt, ISO 8601. */
  attempts: ReadonlyArray<{ readonly startedAt: string }>;
}

/** Fault of a message; `match` if its signature is valid, whatever its age. */
export type Finding =
  | { kind: 'missing'; names: string[] }
  | { kind: 'timestamp' | 'signature' | 'secretFormat' }
  | { kind: 'match' | 'rewritten' | 'timestampChanged' | 'wrongSecret' }
  /** Secret or body: without the delivery nobody can tell. */
  | { kind: 'mismatch' }
  /** Position of the first character that differs, from 0, and what begins there. */
  | { kind: 'changed'; position: number; sent: string; given: string };

/** Of the Standard Webhooks specification, in seconds. */
const TOLERANCE_S = 5 * 60;
const EXCERPT = 40;

/** Finds the fault of a signature. @param sent undefined if the delivery is unknown */
export function examine({ headers, body, secret }: Received, sent?: Sent): Finding {
  const names: string[] = SIGNED_HEADERS.filter((name) => headers[name] === undefined);
  if (body === '') names.push('body');
  if (names.length > 0) return { kind: 'missing', names };
  const {
    'webhook-id': id = '',
    'webhook-timestamp': timestamp = '',
    'webhook-signature': text = '',
  } = headers;
  if (!/^\d{1,12}$/.test(timestamp)) return { kind: 'timestamp' };
  const signatures = text.split(' ').filter((signature) => signature.startsWith('v1,'));
  if (signatures.length === 0) return { kind: 'signature' };
  const webhook = webhookOf(secret);
  if (webhook === undefined) return { kind: 'secretFormat' };

  const isSigned = (content: string, seconds: number): boolean =>
    signatures.includes(webhook.sign(id, new Date(seconds * 1_000), content));
  const at = Number(timestamp);
  // A form field knows one kind of line break only.
  if (isSigned(body, at) || isSigned(body.replaceAll('\n', '\r\n'), at)) return { kind: 'match' };
  if (variantsOf(body).some((variant) => isSigned(variant, at))) return { kind: 'rewritten' };
  if (sent === undefined) return { kind: 'mismatch' };
  if (isSigned(sent.body, at)) return differenceOf(sent.body, body);
  const times = sent.attempts.map(({ startedAt }) => Math.floor(Date.parse(startedAt) / 1_000));
  return { kind: times.some((time) => isSigned(sent.body, time)) ? 'timestampChanged' : 'wrongSecret' };
}

/** Whether receivers accept a message at its time. @param timestamp seconds since the epoch @param now milliseconds */
export function ageOf(timestamp: number, now: number): 'recent' | 'old' | 'early' {
  const age = Math.floor(now / 1_000) - timestamp;
  if (age > TOLERANCE_S) return 'old';
  return age < -TOLERANCE_S ? 'early' : 'recent';
}

function webhookOf(secret: string): Webhook | undefined {
  try {
    return new Webhook(secret.trim());
  } catch {
    // Not base64, or empty.
    return undefined;
  }
}

/** What the body may have been before an editor or a parser wrote it again. */
function variantsOf(body: string): string[] {
  const compact = compacted(body);
  return [body.trim(), `${body}\n`, ...(compact === undefined ? [] : [compact])];
}

function compacted(json: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return undefined;
  }
}

function differenceOf(sent: string, given: string): Finding {
  const compact = compacted(given);
  if (compact !== undefined && compact === compacted(sent)) return { kind: 'rewritten' };
  let position = 0;
  while (position < given.length && sent[position] === given[position]) position += 1;
  const excerpt = (text: string): string => text.slice(position, position + EXCERPT);
  return { kind: 'changed', position, sent: excerpt(sent), given: excerpt(given) };
}
