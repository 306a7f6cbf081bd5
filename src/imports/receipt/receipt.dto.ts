import { ApiProperty } from '@nestjs/swagger';
import { Text } from '../../http/validators/text.js';

export class ReceiptQueryDto {
  @Text({
    max: 255,
    optional: true,
    description: 'Adds the proof that the receipt covers the item with this `id` of yours',
    example: 'interview-2019-11-21',
  })
  externalId?: string;
}

/** Proves that a line of the ledger is below the Merkle root of a receipt (RFC 6962, section 2.1.1). */
export class InclusionProofDto {
  @ApiProperty({
    type: String,
    description: 'The line of the ledger',
    example: '{"code":"HTTP_STATUS","externalId":"interview-2019-11-21","state":"failed"}',
  })
  line: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Position of the line', example: 0 })
  index: number;

  @ApiProperty({
    type: [String],
    description: 'Hashes of the siblings from the leaf to the root, in hexadecimal',
    example: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  })
  path: string[];
}

export class ImportReceiptDto {
  @ApiProperty({
    type: String,
    description:
      'Compact JWS (RFC 7515), signed with Ed25519. Its payload has `iss`, `iat` (the time the import finished), `importId`, ' +
      '`project`, `kind`, `systemName`, `state`, `finishedAt`, `totals` and `ledger`: number of `leaves` and Merkle `root` ' +
      '(RFC 6962, SHA-256) over the lines of the ledger. Public keys: `/.well-known/jwks.json`',
    example:
      'eyJhbGciOiJFZERTQSIsImtpZCI6Im9OZWV1bTlIIiwidHlwIjoicmVlbHBvcnQtcmVjZWlwdCtqd3QifQ.eyJpbXBvcnRJZCI6IjI1YnpqOGprIn0.c2lnbmF0dXJl',
  })
  receipt: string;

  @ApiProperty({ type: InclusionProofDto, required: false, description: 'With `externalId` only' })
  proof?: InclusionProofDto;
}

/** A public key of receipts: a JSON Web Key (RFC 8037). */
export class ReceiptKeyDto {
  @ApiProperty({
    type: String,
    description: 'Thumbprint of the key (RFC 7638)',
    example: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  })
  kid: string;

  @ApiProperty({ type: String, enum: ['sig'], example: 'sig' })
  use: string;

  @ApiProperty({ type: String, enum: ['EdDSA'], example: 'EdDSA' })
  alg: string;

  @ApiProperty({ type: String, enum: ['OKP'], example: 'OKP' })
  kty?: string;

  @ApiProperty({ type: String, enum: ['Ed25519'], example: 'Ed25519' })
  crv?: string;

  @ApiProperty({ type: String, example: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' })
  x?: string;
}

export class ReceiptKeysDto {
  @ApiProperty({ type: [ReceiptKeyDto], description: 'Oldest first; keys of old receipts stay in the list' })
  keys: ReceiptKeyDto[];
}
