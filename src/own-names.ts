import { createRequire } from 'node:module';
import { CONTAINERS } from '#libs/media-probe';
import { SCOPES } from './auth/scopes.js';
// Declares the variables as a side effect.
import './config/environment.js';
import { OWN_STORAGES } from './config/parse-environment.js';
import { describeVariables } from './config/variable.decorator.js';
import { CORE_TABLES } from './database/schema/core-tables.js';
import { CORE_SCHEMAS } from './http/core-schemas.js';
import type { Own } from './extension/faults.js';
import { MEDIA_FAILURES } from './media/media-failures.js';

/** What extensions must not take, and need to match. */
export function ownNames(): Own {
  return {
    version: version(),
    kinds: ['videos'],
    nouns: ['video'],
    storages: OWN_STORAGES,
    scopes: Object.keys(SCOPES),
    tables: CORE_TABLES,
    schemas: CORE_SCHEMAS,
    variables: describeVariables().flatMap(({ name, formerName }) =>
      formerName === undefined ? [name] : [name, formerName],
    ),
    codes: Object.keys(MEDIA_FAILURES),
    types: new Map(Object.values(CONTAINERS).map(({ extension, mimeType }) => [extension, mimeType])),
  };
}

/** The release of this package. */
function version(): string {
  const description: { version: string } = createRequire(import.meta.url)('#package.json');
  return description.version;
}
