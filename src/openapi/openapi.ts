import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { scopePurposes } from '../auth/scopes.js';
import { BEARER } from '../auth/require-scopes.decorator.js';
import { describeError, ErrorEnvelopeDto } from '../http/api-errors.decorator.js';
import { ONLY_JSON } from '../http/fastify-error.js';
import { documentedWebhooks } from '../imports/events/webhooks.docs.js';

const DESCRIPTION = `Imports media from archives into a content platform.

Post a batch of video URLs to \`/api/v1/import/videos\`; every video is downloaded, checked, stored and registered.
\`/api/v1/import/videos/status\` reports the outcome of every item, and a signed webhook announces the end of the import.

Press **Authorize** and paste an access token, with or without the prefix \`Bearer\`. \`npm start\` prints a token with
every scope for the project \`demo\`, valid for a day, and a link that signs in to this page. Create other tokens with
\`npm run -s token -- create --project demo --name swagger --scope public-api:write --scope public-api:read\`.

Scopes: ${[...scopePurposes()]
  .map(([scope, purpose]) => `\`${scope}\` (${purpose.charAt(0).toLowerCase()}${purpose.slice(1)})`)
  .join(', ')}.

All errors have the same form: \`status\`, \`error\` and \`error_details\`, keyed by the dotted path of the field.`;

/** The most important routes, in order of use; all others follow. */
const FIRST = ['/api/v1/import/videos', '/api/v1/import/videos/status'];
/** Relative to Swagger UI and to the document, which are siblings of `api/` at any base path. */
const BESIDE_THE_DOCUMENT = '.';

/**
 * Builds the OpenAPI document of the whole API.
 *
 * @param publicUrl public URL of the API; by default relative to the document
 */
export function openApiDocument(app: INestApplication, publicUrl?: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Reelport')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addServer(publicUrl ?? BESIDE_THE_DOCUMENT)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addTag('Import', 'Import batches')
    .addTag('Media', 'Browse the library of every kind')
    .addTag('Videos', 'Browse the video library')
    .addTag('Webhooks', 'Inspect and repeat webhook deliveries')
    .addTag('Dead letters', 'Inspect and repeat what listeners of extensions could not handle')
    .addTag('Access tokens', 'Manage access tokens')
    .addTag('Health', 'Health and metrics for operators')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token' },
      BEARER,
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, { extraModels: [ErrorEnvelopeDto] });
  const complete = withImportFirst(withoutPrefilledQueries(withBodyErrors(withScopes(document))));
  return { ...complete, webhooks: documentedWebhooks() };
}

function withImportFirst(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.entries(document.paths).sort(([one], [other]) => placeOf(one) - placeOf(other));
  return { ...document, paths: Object.fromEntries(paths) };
}

function placeOf(path: string): number {
  return FIRST.includes(path) ? FIRST.indexOf(path) : FIRST.length;
}

/**
 * Removes examples of optional query parameters: Swagger UI sends them unless the user clears them, and an example
 * filter finds nothing.
 */
function withoutPrefilledQueries(document: OpenAPIObject): OpenAPIObject {
  for (const { get, post, delete: remove } of Object.values(document.paths)) {
    for (const parameter of [get, post, remove].flatMap((operation) => operation?.parameters ?? [])) {
      if ('$ref' in parameter || parameter.in !== 'query' || parameter.required === true) continue;
      delete parameter.example;
      if (parameter.schema !== undefined && 'example' in parameter.schema) delete parameter.schema.example;
    }
  }
  return document;
}

/** These methods read a body whether or not the operation uses it. */
function withBodyErrors(document: OpenAPIObject): OpenAPIObject {
  for (const { post, delete: remove } of Object.values(document.paths)) {
    for (const operation of [post, remove]) {
      if (operation === undefined) continue;
      operation.responses = {
        400: describeError(400, { body: 'Must be valid JSON' }),
        413: describeError(413, { body: 'Too large' }),
        415: describeError(415, { 'content-type': ONLY_JSON }),
        ...operation.responses,
      };
    }
  }
  return document;
}

/** Adds the required scopes to each description, because Swagger UI shows scopes only for OAuth. */
function withScopes(document: OpenAPIObject): OpenAPIObject {
  for (const { get, post, delete: remove } of Object.values(document.paths)) {
    for (const operation of [get, post, remove]) {
      if (operation === undefined) continue;
      // An explicit empty list: otherwise the security of the whole document would apply.
      operation.security ??= [];
      const scopes = operation.security.flatMap((requirement) => requirement[BEARER] ?? []);
      const needs =
        scopes.length === 0
          ? 'No token required.'
          : `Required scope: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`;
      operation.description = [operation.description ?? `${operation.summary}.`, needs].join('\n\n');
    }
  }
  return document;
}
