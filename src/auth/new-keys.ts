import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { serviceUnavailable } from '../http/api-error.js';

export interface NewKeysOptions {
  /** Milliseconds for which a key counts as unknown after a lookup, and in which lookups are counted. */
  windowMs: number;
  /** Lookups per window, in addition to those that the key set makes itself. */
  lookups: number;
}

/**
 * Finds keys that the provider has just added: looks up each unknown key once, even if the key set was fetched
 * recently. Beyond the cap the validity of a token is unknown, so the caller is asked to retry.
 */
export class NewKeys {
  /** Lookups of this window by key: concurrent tokens of one key share a lookup. */
  private lookups = new Map<string, Promise<void>>();
  private windowEnds = 0;

  constructor(
    private readonly known: ReturnType<typeof createRemoteJWKSet>,
    private readonly options: NewKeysOptions,
  ) {}

  /** @throws JWKSNoMatchingKey; ApiError 503 after too many lookups */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const couldFetch = !this.known.coolingDown;
    try {
      return await this.known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const { kid = '' } = header;
      // Without a cooldown the key set has just fetched the keys.
      if (couldFetch) throw error;
      await this.lookFor(kid, error);
      return this.known(header, token);
    }
  };

  private lookFor(kid: string, cause: Error): Promise<void> {
    const now = performance.now();
    if (now >= this.windowEnds) {
      this.lookups = new Map();
      this.windowEnds = now + this.options.windowMs;
    }
    const earlier = this.lookups.get(kid);
    if (earlier !== undefined) return earlier;
    if (this.lookups.size >= this.options.lookups) {
      const seconds = Math.ceil((this.windowEnds - now) / 1_000);
      throw serviceUnavailable(
        `The signing key of the access token is not known yet; retry in ${seconds} seconds`,
        seconds,
        cause,
      );
    }
    const lookup = this.known.reload();
    this.lookups.set(kid, lookup);
    return lookup;
  }
}
