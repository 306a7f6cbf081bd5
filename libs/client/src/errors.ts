/** An error response of Reelport: `status`, `error` and `error_details` of its envelope. */
export class ReelportError extends Error {
  override readonly name = 'ReelportError';

  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Name of the status, such as `Bad Request`. */
    readonly error: string,
    /** Sentences by the dotted path of the field. */
    readonly details: Readonly<Record<string, string>>,
    /** Seconds until a retry makes sense; undefined if the server named none. */
    readonly retryAfter?: number,
  ) {
    const sentences = Object.entries(details).map(([path, sentence]) => `${path}: ${sentence}`);
    super([`${status} ${error}`, ...sentences].join('; '));
  }
}

/** A response that is not from Reelport, such as the page of a proxy. */
export class UnexpectedResponseError extends Error {
  override readonly name = 'UnexpectedResponseError';

  constructor(
    readonly status: number,
    readonly contentType: string,
    /** The first 500 characters. */
    readonly excerpt: string,
  ) {
    super(
      `The server sent ${contentType === '' ? 'a response without a type' : contentType} instead of JSON ` +
        `(status ${status}): ${excerpt.replace(/\s+/g, ' ').trim().slice(0, 200)}`,
    );
  }
}

/** Characters of a response that an error shows. */
export const EXCERPT = 500;

/** Makes the error of a response that is not successful or not JSON. */
export async function errorOf(response: Response): Promise<ReelportError | UnexpectedResponseError> {
  const text = await response.text();
  const envelope = envelopeOf(text);
  if (envelope === undefined) {
    const contentType = response.headers.get('content-type') ?? '';
    return new UnexpectedResponseError(response.status, contentType, text.slice(0, EXCERPT));
  }
  const { error, details } = envelope;
  return new ReelportError(response.status, error, details, retryAfterOf(response));
}

/** Seconds of `Retry-After` in both forms (RFC 9110, section 10.2.3); undefined if it is absent or unreadable. */
export function retryAfterOf({ headers }: Response): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1_000));
}

function envelopeOf(text: string): { error: string; details: Record<string, string> } | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return undefined;
    const { error, error_details: details } = body as { error?: unknown; error_details?: unknown };
    if (typeof error !== 'string' || typeof details !== 'object' || details === null) return undefined;
    return { error, details: Object.fromEntries(Object.entries(details).map(([k, v]) => [k, String(v)])) };
  } catch {
    return undefined;
  }
}
