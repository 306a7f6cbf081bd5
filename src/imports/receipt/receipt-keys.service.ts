import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join, resolve } from 'node:path';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { calculateJwkThumbprint, CompactSign } from 'jose';
import { Repository } from 'typeorm';
import { ed25519Key } from '../../config/ed25519-key.js';
import { Environment } from '../../config/environment.js';
import { keptSecret } from '../../config/kept-secret.js';
import { ReceiptKey } from './receipt-key.entity.js';
import type { ReceiptKeyDto } from './receipt.dto.js';

/** `typ` of a receipt (RFC 8725, section 3.11). */
const TYPE = 'reelport-receipt+jwt';

interface SigningKey {
  kid: string;
  key: KeyObject;
}

/** Signs receipts, and lists the public keys of all receipts that were ever signed. */
@Injectable()
export class ReceiptKeysService implements OnApplicationBootstrap {
  private current: Promise<SigningKey> | undefined;

  constructor(
    private readonly environment: Environment,
    @InjectRepository(ReceiptKey) private readonly keys: Repository<ReceiptKey>,
  ) {}

  /** Shows the key before the process listens: clients keep the key set, and may have got it from another process. */
  async onApplicationBootstrap(): Promise<void> {
    await this.signingKey().catch(() => undefined); // requests that need the key report it
  }

  /** @returns a compact JWS; the same one for the same text and key, because Ed25519 is deterministic */
  async sign(payload: object): Promise<string> {
    const { kid, key } = await this.signingKey();
    return new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: TYPE })
      .sign(key);
  }

  /** Public keys, oldest first; the current one is among them before its first use. */
  async all(): Promise<ReceiptKeyDto[]> {
    await this.signingKey();
    const rows = await this.keys.find({ order: { firstUsedAt: 'ASC', kid: 'ASC' } });
    return rows.map(({ kid, jwk }) => ({ ...jwk, kid, use: 'sig', alg: 'EdDSA' }));
  }

  private signingKey(): Promise<SigningKey> {
    this.current ??= this.load().catch((error: unknown) => {
      this.current = undefined;
      throw error;
    });
    return this.current;
  }

  /** Registers the public key before the first signature: a receipt of an unknown key could not be verified. */
  private async load(): Promise<SigningKey> {
    const key = ed25519Key(await this.text());
    if (key === undefined) throw new Error('RECEIPT_KEY holds no Ed25519 key');
    const jwk = createPublicKey(key).export({ format: 'jwk' });
    const kid = await calculateJwkThumbprint(jwk);
    await this.keys.createQueryBuilder().insert().values({ kid, jwk }).orIgnore().execute();
    return { kid, key };
  }

  private text(): Promise<string> | string {
    const { RECEIPT_KEY, DATA_DIR } = this.environment;
    if (RECEIPT_KEY !== undefined) return RECEIPT_KEY;
    return keptSecret(join(resolve(DATA_DIR), 'receipt-key'), {
      generate: () => JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
      isKey: (text) => ed25519Key(text) !== undefined,
      consequence: 'which signs later receipts',
    });
  }
}
