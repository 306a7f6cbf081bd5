import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/**
 * Reads a private Ed25519 key.
 *
 * @param text a JSON Web Key (RFC 8037) or PKCS #8 in PEM, in which `\\n` may stand for line breaks
 * @returns undefined for anything else
 */
export function ed25519Key(text: string): KeyObject | undefined {
  try {
    const key = text.trimStart().startsWith('{')
      ? fromJwk(text)
      : createPrivateKey(text.replaceAll('\\n', '\n'));
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    // The caller only needs yes or no, and the message could quote the key.
    return undefined;
  }
}

function fromJwk(text: string): KeyObject {
  const key: JsonWebKey = JSON.parse(text);
  return createPrivateKey({ key, format: 'jwk' });
}
