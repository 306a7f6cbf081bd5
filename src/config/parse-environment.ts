import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Environment } from './environment.js';

/** The environment is invalid; the message lists every fault. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Parses environment variables into a validated, frozen object.
 *
 * @param source variables by name; those of this process by default
 * @throws EnvironmentError with one line per fault
 */
export function parseEnvironment(
  source: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Environment> {
  const environment = plainToInstance(Environment, { ...source }, { excludeExtraneousValues: true });
  const faults = validateSync(environment).flatMap(({ property, constraints }) =>
    Object.values(constraints ?? {}).map(
      (message) => `  ${message.startsWith(property) ? '' : `${property}: `}${message}`,
    ),
  );
  if (environment.STORAGE === 's3' && environment.S3_BUCKET === undefined) {
    faults.push('  S3_BUCKET is required when STORAGE is s3');
  }
  if (environment.STORAGE === 's3' && environment.VIDEO_BASE_URL === undefined) {
    faults.push('  VIDEO_BASE_URL is required when STORAGE is s3: this service serves only local files');
  }
  if ((environment.S3_ACCESS_KEY_ID === undefined) !== (environment.S3_SECRET_ACCESS_KEY === undefined)) {
    const missing = environment.S3_ACCESS_KEY_ID === undefined ? 'S3_ACCESS_KEY_ID' : 'S3_SECRET_ACCESS_KEY';
    faults.push(`  ${missing} is required; set both halves of the key or neither`);
  }
  if (environment.TOKEN_JWKS_URL !== undefined) {
    // Without them, tokens that the provider signs for any other service would be accepted here, too.
    for (const name of ['TOKEN_ISSUER', 'TOKEN_AUDIENCE'] as const) {
      if (environment[name] === undefined) {
        faults.push(`  ${name} is required when TOKEN_JWKS_URL is set`);
      }
    }
  }
  if (faults.length > 0) throw new EnvironmentError(`Invalid environment:\n${faults.join('\n')}`);
  return Object.freeze(environment);
}

/** URLs of services that this process started or found running. */
export interface ServiceUrls {
  databaseUrl?: string | undefined;
  redisUrl?: string | undefined;
}

/** Returns a copy that uses these services instead of none. */
export function withServices(
  environment: Readonly<Environment>,
  { databaseUrl, redisUrl }: ServiceUrls,
): Readonly<Environment> {
  return Object.freeze(
    Object.assign(new Environment(), environment, {
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    }),
  );
}
