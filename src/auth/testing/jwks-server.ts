import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** A signing key of the provider. */
export interface ProviderKey {
  publicJwk: JWK;
  sign(claims: JWTPayload, header?: { alg?: string; kid?: string }): Promise<string>;
}

/** An identity provider on loopback that publishes its public keys and can be stopped. */
export interface JwksServer {
  url: string;
  /** Number of requests for the keys. */
  asked(): number;
  /** Publishes these keys from now on. */
  show(...keys: ProviderKey[]): void;
  /** Responds with this from now on instead of keys. */
  answer(status: number, body: string): void;
  stop(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
}

export async function createProviderKey(alg = 'RS256'): Promise<ProviderKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const kid = randomUUID();
  return {
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header }).sign(privateKey),
  };
}

export async function startJwksServer(...keys: ProviderKey[]): Promise<JwksServer> {
  let [status, body, asked, port] = [200, jwks(keys), 0, 0];
  let server: Server;
  const start = async (): Promise<void> => {
    server = createServer((_request, response) => {
      asked += 1;
      // A kept-alive connection would outlast the server.
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The provider has no port');
    ({ port } = address);
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    asked: () => asked,
    show: (...shown) => ([status, body] = [200, jwks(shown)]),
    answer: (...said) => ([status, body] = said),
    start,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function jwks(keys: readonly ProviderKey[]): string {
  return JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) });
}
