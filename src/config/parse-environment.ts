import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { type Additions, NO_ADDITIONS, readSettings, type AddedChoice } from './additions.js';
import { didYouMean } from './did-you-mean.js';
import { Environment } from './environment.js';

/** Storages of Reelport itself. */
export const OWN_STORAGES: readonly string[] = ['local', 's3'];

/** Default of WEBHOOK_RESPONSE_BYTES. */
const KEPT_RESPONSE_BYTES = 1_024;

/** The environment is invalid; the message lists every fault. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Parses environment variables into a validated, frozen object, and fills the settings of extensions.
 *
 * @param source variables by name; those of this process by default
 * @param additions what extensions add; nothing by default
 * @throws EnvironmentError with one line per fault
 */
export function parseEnvironment(
  source: Readonly<Record<string, string | undefined>> = process.env,
  { settings, storages, mediaServices }: Additions = NO_ADDITIONS,
): Readonly<Environment> {
  const environment = plainToInstance(Environment, { ...source }, { excludeExtraneousValues: true });
  const faults = validateSync(environment).flatMap(({ property, constraints }) =>
    Object.values(constraints ?? {}).map(
      (message) => `  ${message.startsWith(property) ? '' : `${property}: `}${message}`,
    ),
  );
  const storage = chosen(storages, environment.STORAGE);
  const isStorage = storage !== undefined || OWN_STORAGES.includes(environment.STORAGE);
  if (!isStorage) {
    faults.push(`  STORAGE must be ${oneOf(environment.STORAGE, [...OWN_STORAGES, ...namesOf(storages)])}`);
  }
  const service = chosen(mediaServices, environment.MEDIA_SERVICE);
  const isGiven = (source['MEDIA_SERVICE'] ?? source['VIDEO_SERVICE']) !== undefined;
  const meant = didYouMean(environment.MEDIA_SERVICE, namesOf(mediaServices));
  if (isGiven && service === undefined && meant !== undefined) {
    // Any other text names a service whose URLs have a query.
    faults.push(`  MEDIA_SERVICE must be the name of a service; did you mean ${meant}?`);
  }
  if (environment.STORAGE === 's3' && environment.S3_BUCKET === undefined) {
    faults.push('  S3_BUCKET is required when STORAGE is s3');
  }
  if (isStorage && environment.STORAGE !== 'local' && environment.MEDIA_BASE_URL === undefined) {
    faults.push(
      `  MEDIA_BASE_URL is required when STORAGE is ${environment.STORAGE}: this service serves only local files`,
    );
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
  const added = [...new Set([...settings, storage?.settings, service?.settings])].flatMap((each) =>
    each === undefined ? [] : [readSettings(each, source)],
  );
  faults.push(...added.flatMap((read) => read.faults.map((fault) => `  ${fault}`)));
  if (faults.length > 0) throw new EnvironmentError(`Invalid environment:\n${faults.join('\n')}`);
  // Partners must not read what internal hosts answer.
  environment.WEBHOOK_RESPONSE_BYTES ??= environment.TRUSTED_NETWORKS.length > 0 ? 0 : KEPT_RESPONSE_BYTES;
  for (const { settings, values } of added) settings.fill(values);
  return Object.freeze(environment);
}

/** Parses the environment of this process. @throws EnvironmentError */
export function readEnvironment(additions: Additions): Readonly<Environment> {
  return parseEnvironment(process.env, additions);
}

function chosen(choices: readonly AddedChoice[], name: string): AddedChoice | undefined {
  return choices.find((choice) => choice.name === name);
}

function namesOf(choices: readonly AddedChoice[]): string[] {
  return choices.map(({ name }) => name);
}

function oneOf(given: string, known: readonly string[]): string {
  const meant = didYouMean(given, known);
  return `one of ${known.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
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
