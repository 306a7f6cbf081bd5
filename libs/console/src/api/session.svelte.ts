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
  /** Of a one-time link, until the server has said something about it. */
  private code: string | undefined;

  constructor() {
    whenSignedOut(() => (this.hasExpired = this.me !== undefined));
  }

  /** Whether the token has a scope. */
  may(scope: string): boolean {
    return this.me?.scopes.includes(scope) ?? false;
  }

  /**
   * May be called again while the server cannot be reached.
   *
   * @throws Trouble also if the token is not accepted, or the link was used before
   */
  async start(): Promise<void> {
    try {
      this.code ??= LINK.exec(window.location.hash)?.[1];
      const token = this.code === undefined ? stored('token') : await this.tokenOfLink(this.code);
      if (token !== undefined) await this.signIn(token, true);
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
    this.code = undefined;
  }

  /** A link is good once, and nothing that should stay in the history. @throws Trouble */
  private async tokenOfLink(code: string): Promise<string> {
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    const response = await fetch(`${SERVER_URL}/api/v1/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    }).catch(() => undefined);
    if (response === undefined || response.status >= 500) throw new Trouble('unreachable', '');
    this.code = undefined;
    if (!response.ok) throw new Trouble('missing', '');
    const { token }: { token: string } = await response.json();
    store('token', token);
    return token;
  }
}

export const session = new Session();
