import { randomBytes } from 'node:crypto';

/** A printed link is opened soon, or its token pasted instead. */
const LIFETIME_MS = 15 * 60_000;
const CODE_BYTES = 24;

/** One-time codes that replace access tokens in links; valid for 15 minutes, in this process only. */
export class SignInCodes {
  private readonly issued = new Map<string, { token: string; until: number }>();

  /** @param now monotonic clock, in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns an unguessable, URL-safe code */
  issue(token: string): string {
    const code = randomBytes(CODE_BYTES).toString('base64url');
    this.issued.set(code, { token, until: this.now() + LIFETIME_MS });
    return code;
  }

  /** @returns undefined if the code is unknown, already used or expired */
  take(code: string): string | undefined {
    const found = this.issued.get(code);
    this.issued.delete(code);
    return found !== undefined && this.now() < found.until ? found.token : undefined;
  }
}
