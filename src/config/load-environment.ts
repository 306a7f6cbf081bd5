import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Environment } from './environment.js';

/** The environment breaks rules; the message names every fault. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Environment variables to one validated, typed, frozen object.
 *
 * @param source texts by name, those of this process unless others are given
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
    faults.push('  S3_BUCKET must be given where STORAGE is s3');
  }
  if (environment.STORAGE === 's3' && environment.VIDEO_BASE_URL === undefined) {
    faults.push('  VIDEO_BASE_URL must be given where STORAGE is s3: this service serves local files alone');
  }
  if ((environment.S3_ACCESS_KEY_ID === undefined) !== (environment.S3_SECRET_ACCESS_KEY === undefined)) {
    const missing = environment.S3_ACCESS_KEY_ID === undefined ? 'S3_ACCESS_KEY_ID' : 'S3_SECRET_ACCESS_KEY';
    faults.push(`  ${missing} must be given, too, or neither half of the key`);
  }
  if (environment.TOKEN_JWKS_URL !== undefined) {
    // Without them, whatever the provider signs for any other service would be good here, too.
    for (const name of ['TOKEN_ISSUER', 'TOKEN_AUDIENCE'] as const) {
      if (environment[name] === undefined) {
        faults.push(`  ${name} must be given where TOKEN_JWKS_URL is`);
      }
    }
  }
  if (faults.length > 0) throw new EnvironmentError(`The environment cannot be used:\n${faults.join('\n')}`);
  return Object.freeze(environment);
}

let loaded: Readonly<Environment> | undefined;

/** The environment of this process, read at the first call. */
export function loadEnvironment(): Readonly<Environment> {
  return (loaded ??= parseEnvironment());
}

/** Sets what a launcher found out (the address of an embedded service, a free port) before anything has read it. */
export function completeEnvironment(values: Readonly<Record<string, string>>): void {
  if (loaded !== undefined) throw new Error('The environment has been read already');
  Object.assign(process.env, values);
}
