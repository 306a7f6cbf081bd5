import type { components } from '#libs/client';
import { SERVER_URL } from '../lib/place.js';
import { store, stored } from '../lib/stored.js';
import { answerOf, clientOf, useToken, whenSignedOut } from './ask.js';
import { Trouble } from './trouble.js';

export type Me = components['schemas']['MeDto'];

const LINK = /^#sign-in=([\w-]+)$/;

/** Who is signed in. The token is kept in memory, and for this tab only if its owner wants that. */
class Session {
  me = $state.raw<Me>();
  /** Until it is known whether the kept token or the one-time link is good. */
  isStarting = $state(true);
  /** The token was good before: the page stays while its owner signs in again. */
  hasExpired = $state(false);
  /** Counts sign-ins, so that pages ask again. */
  count = $state(0);

  constructor() {
    whenSignedOut(() => (this.hasExpired = this.me !== undefined));
  }

  /** Whether the token has a scope. */
  may(scope: string): boolean {
    return this.me?.scopes.includes(scope) ?? false;
  }

  /** @throws Trouble if the token is not accepted, or the link was used before */
  async start(): Promise<void> {
    try {
      const [, code] = LINK.exec(window.location.hash) ?? [];
      const kept = stored('token');
      if (code !== undefined) await this.signIn(await tokenOfLink(code), true);
      else if (kept !== undefined) await this.signIn(kept, true);
    } finally {
      this.isStarting = false;
    }
  }

  /**
   * @param text a token, perhaps pasted with its scheme
   * @param keep whether the tab keeps it when the page is loaded again
   * @throws Trouble if it is not accepted
   */
  async signIn(text: string, keep: boolean): Promise<void> {
    const token = text.trim().replace(/^Bearer\s+/i, '');
    const me = await answerOf(clientOf(token).api.GET('/api/v1/auth/me')).catch((error: unknown) => {
      if (error instanceof Trouble && error.kind === 'signedOut') store('token', undefined);
      throw error;
    });
    useToken(token);
    store('token', keep ? token : undefined);
    this.me = me;
    this.hasExpired = false;
    this.count += 1;
  }

  /** Goes on with another token of the same owner, kept as the former one was. @throws Trouble */
  replaceToken(token: string): Promise<void> {
    return this.signIn(token, stored('token') !== undefined);
  }

  signOut(): void {
    useToken(undefined);
    store('token', undefined);
    this.me = undefined;
    this.hasExpired = false;
  }
}

/** A link is good once, and nothing that should stay in the history. @throws Trouble */
async function tokenOfLink(code: string): Promise<string> {
  window.history.replaceState(null, '', window.location.pathname + window.location.search);
  const response = await fetch(`${SERVER_URL}/api/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  }).catch(() => undefined);
  if (response === undefined) throw new Trouble('unreachable', '');
  if (!response.ok) throw new Trouble('missing', '');
  const { token }: { token: string } = await response.json();
  return token;
}

export const session = new Session();
