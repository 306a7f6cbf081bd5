/** Why the server gave no answer to show. */
export type TroubleKind =
  /** No response, or the response of a proxy, or the server cannot work at the moment. */
  | 'unreachable'
  /** The token is unknown, revoked or expired. */
  | 'signedOut'
  /** The token lacks a scope. */
  | 'forbidden'
  | 'missing'
  /** The request itself was refused: 400, 409, 429 and the like. */
  | 'refused';

export class Trouble extends Error {
  override readonly name = 'Trouble';

  constructor(
    readonly kind: TroubleKind,
    /** Sentence of the server, if it sent one. */
    sentence: string,
    readonly more: {
      /** HTTP status of the response. */
      readonly status?: number;
      /** Scopes that the token lacks, separated by spaces. */
      readonly scope?: string;
      /** Sentences by the path of the field. */
      readonly details?: Readonly<Record<string, string>>;
      /** Seconds until a retry makes sense. */
      readonly retryAfter?: number;
    } = {},
  ) {
    super(sentence);
  }
}

/** @param body parsed JSON, or text if it is not JSON */
export function troubleOf(response: Response, body: unknown): Trouble {
  const { status, headers } = response;
  const details = detailsOf(body);
  const sentence = Object.values(details ?? {}).join('; ') || `${status} ${response.statusText}`.trim();
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  const more = { status, ...(details && { details }), ...(retryAfter >= 0 && { retryAfter }) };
  // Without the envelope it is the page of a proxy.
  if (status >= 500 || details === undefined) return new Trouble('unreachable', sentence, more);
  if (status === 401) return new Trouble('signedOut', sentence, more);
  if (status === 404) return new Trouble('missing', sentence, more);
  if (status !== 403) return new Trouble('refused', sentence, more);
  const [, scope] = /scope="([^"]*)"/.exec(headers.get('www-authenticate') ?? '') ?? [];
  return new Trouble('forbidden', sentence, { ...more, ...(scope !== undefined && { scope }) });
}

/** Sentences of the error envelope; undefined if it is none. */
function detailsOf(body: unknown): Record<string, string> | undefined {
  if (typeof body !== 'object' || body === null || !('error_details' in body)) return undefined;
  const { error_details: details } = body;
  if (typeof details !== 'object' || details === null) return undefined;
  return Object.fromEntries(Object.entries(details).map(([path, sentence]) => [path, String(sentence)]));
}
