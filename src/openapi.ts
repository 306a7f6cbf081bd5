import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { SCOPES } from './auth/scopes.js';
import { BEARER } from './auth/require-scopes.decorator.js';
import { describeError, ErrorEnvelopeDto } from './http/api-errors.decorator.js';
import { ONLY_JSON } from './http/fastify-error.js';

const DESCRIPTION = `Imports videos from archives into a content platform.

Post a batch of video URLs to \`/api/v1/import/videos\`; every video is downloaded, checked, stored and registered.
\`/api/v1/import/videos/status\` says item by item what became of it, and a signed webhook tells when all is done.

Press **Authorize** and paste an access token, with or without \`Bearer\` in front. \`npm start\` prints one that may do
everything in the project \`demo\`, for a day, and a link to this page that signs in with it; others are made by
\`npm run -s token -- create --project demo --name swagger --scope public-api:write --scope public-api:read\`.

Scopes: ${Object.entries(SCOPES)
  .map(([scope, what]) => `\`${scope}\` (${what.charAt(0).toLowerCase()}${what.slice(1)})`)
  .join(', ')}.

Every error has the same form: \`status\`, \`error\` and \`error_details\` by dotted path to the field.`;

/** The routes that one comes for, in the order of their use; the others follow as they are. */
const FIRST = ['/api/v1/import/videos', '/api/v1/import/videos/status'];
/** Seen from the page of Swagger UI and from the document itself, which lie beside `api/`, whatever path they have. */
const BESIDE_THE_DOCUMENT = '.';

/**
 * The OpenAPI document of the whole API.
 *
 * @param publicUrl where clients reach it; by default wherever they got the document
 */
export function openApiDocument(app: INestApplication, publicUrl?: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Reelport')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addServer(publicUrl ?? BESIDE_THE_DOCUMENT)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addTag('Import', 'Batches of videos')
    .addTag('Videos', 'The library')
    .addTag('Webhooks', 'What was delivered')
    .addTag('Access tokens', 'Who may call')
    .addTag('Health', 'For operators')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token' },
      BEARER,
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, { extraModels: [ErrorEnvelopeDto] });
  return withImportFirst(withoutPrefilledQueries(withBodyErrors(withScopes(document))));
}

function withImportFirst(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.entries(document.paths).sort(([one], [other]) => placeOf(one) - placeOf(other));
  return { ...document, paths: Object.fromEntries(paths) };
}

function placeOf(path: string): number {
  return FIRST.includes(path) ? FIRST.indexOf(path) : FIRST.length;
}

/** Swagger UI sends the example of a parameter unless one takes it out, and a filter for an example finds nothing. */
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

/** A body is read by these methods whether or not the operation has a use for it. */
function withBodyErrors(document: OpenAPIObject): OpenAPIObject {
  for (const { post, delete: remove } of Object.values(document.paths)) {
    for (const operation of [post, remove]) {
      if (operation === undefined) continue;
      operation.responses = {
        400: describeError(400, { body: 'This must be valid JSON' }),
        413: describeError(413, { body: 'This must be a smaller body' }),
        415: describeError(415, { 'content-type': ONLY_JSON }),
        ...operation.responses,
      };
    }
  }
  return document;
}

/** Swagger UI shows the scopes of OAuth alone, so that each description tells which ones its operation needs. */
function withScopes(document: OpenAPIObject): OpenAPIObject {
  for (const { get, post, delete: remove } of Object.values(document.paths)) {
    for (const operation of [get, post, remove]) {
      if (operation === undefined) continue;
      // To need no token is said as well: left out, it would be the token of the whole document.
      operation.security ??= [];
      const scopes = operation.security.flatMap((requirement) => requirement[BEARER] ?? []);
      const needs =
        scopes.length === 0
          ? 'Needs no token.'
          : `Scope: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`;
      operation.description = [operation.description ?? `${operation.summary}.`, needs].join('\n\n');
    }
  }
  return document;
}
