import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { serviceUnavailable } from '../http/api-error.js';

export interface NewKeysOptions {
  /** Milliseconds for which a key counts as unknown once it has been looked for, and in which look-ups are counted. */
  windowMs: number;
  /** Look-ups in this time beyond the ones that the key set makes by itself. */
  lookups: number;
}

/**
 * Finds keys that the provider has added a moment ago: each unknown one is looked for once, although the key set has
 * just been fetched. Beyond the cap nobody knows whether the token is good, so that the caller is asked to come back.
 */
export class NewKeys {
  /** Look-ups of this window, by key: tokens of one key that come together wait for the same. */
  private looked = new Map<string, Promise<void>>();
  private windowEnds = 0;

  constructor(
    private readonly known: ReturnType<typeof createRemoteJWKSet>,
    private readonly options: NewKeysOptions,
  ) {}

  /** @throws JWKSNoMatchingKey; ApiError 503 where too many keys were looked for already */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const hadCooledDown = !this.known.coolingDown;
    try {
      return await this.known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const { kid = '' } = header;
      // Without a cooldown, the key set has looked by itself.
      if (hadCooledDown) throw error;
      await this.lookFor(kid, error);
      return this.known(header, token);
    }
  };

  private lookFor(kid: string, cause: Error): Promise<void> {
    const now = performance.now();
    if (now >= this.windowEnds) {
      this.looked = new Map();
      this.windowEnds = now + this.options.windowMs;
    }
    const earlier = this.looked.get(kid);
    if (earlier !== undefined) return earlier;
    if (this.looked.size >= this.options.lookups) {
      const seconds = Math.ceil((this.windowEnds - now) / 1_000);
      throw serviceUnavailable(
        `The service does not know the key of the access token yet; try again in ${seconds} seconds`,
        seconds,
        cause,
      );
    }
    const lookup = this.known.reload();
    this.looked.set(kid, lookup);
    return lookup;
  }
}
