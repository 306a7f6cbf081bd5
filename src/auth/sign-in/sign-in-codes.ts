import { randomBytes } from 'node:crypto';

/** A link that was printed is opened soon, or its token pasted. */
const LIFETIME_MS = 15 * 60_000;
const CODE_BYTES = 24;

/** Codes that stand for access tokens in links: each is good once, for a quarter of an hour, in this process. */
export class SignInCodes {
  private readonly issued = new Map<string, { token: string; until: number }>();

  /** @param now milliseconds; monotonic */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns a code that cannot be guessed, in letters that URLs take as they are */
  issue(token: string): string {
    const code = randomBytes(CODE_BYTES).toString('base64url');
    this.issued.set(code, { token, until: this.now() + LIFETIME_MS });
    return code;
  }

  /** @returns undefined for a code that is unknown, was taken before or is too old */
  take(code: string): string | undefined {
    const found = this.issued.get(code);
    this.issued.delete(code);
    return found !== undefined && this.now() < found.until ? found.token : undefined;
  }
}
