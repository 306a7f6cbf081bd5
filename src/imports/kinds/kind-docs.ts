import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Codes } from '../../extension/codes.js';
import { capitalized } from '../../extension/schema-names.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import type { DtoClass } from '../../http/array-of.decorator.js';
import { SMALLER_BODY } from '../../http/fastify-error.js';
import { DATABASE_AWAY } from '../../http/known-error.js';
import { IMPORT_MODES } from '../import.entity.js';
import { ImportAcceptedDto, PlanningImportDto, RunningImportDto } from '../status/status.dto.js';
import { finishedClass, plannedClass } from './finished-class.js';
import type { KindRoutes } from './kind-routes.js';

const ID = '$response.body#/id';
const SYSTEM = 'identity-of-the-archive';

const statusOperation = ({ name }: KindRoutes): string => `getImport${capitalized(name)}Status`;

/** Documents the route that accepts batches of a kind. */
export function ApiAccepts(kind: KindRoutes, Batch: DtoClass): MethodDecorator {
  const { name, noun, work, example, entryFault, canPlan } = kind;
  const [faultyField, fault] = entryFault;
  return applyDecorators(
    ApiOperation({
      operationId: `import${capitalized(name)}`,
      summary: `Import a batch of ${name}`,
      description:
        `Responds as soon as the batch is stored durably. Every ${noun} is then ${work}; ` +
        `\`GET /api/v1/import/${name}/status\` and the webhook report the outcome. ` +
        `The systemName and id together identify each ${noun}: new ones are created, changed ones updated, ` +
        'unchanged ones skipped.',
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Repeating a request with the same key and body within 7 days returns the same id and creates nothing',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]{1,255}$' },
    }),
    ApiQuery({
      name: 'mode',
      required: false,
      description: canPlan
        ? '`plan`: predicts the outcome of every item and imports nothing until `POST /api/v1/imports/{id}/apply`'
        : `Imports of ${name} cannot be planned`,
      schema: { type: 'string', enum: canPlan ? [...IMPORT_MODES] : ['run'], default: 'run' },
    }),
    ApiBody({
      type: Batch,
      examples: {
        small: { summary: 'Minimal', value: { systemName: SYSTEM, [name]: [example.entry] } },
        full: {
          summary: 'With a webhook',
          value: {
            systemName: SYSTEM,
            webhook: 'https://partner.example.com/hooks/reelport',
            context: { batch: 17 },
            [name]: [example.entry],
          },
        },
      },
    }),
    ApiOkResponse({
      type: ImportAcceptedDto,
      description: 'The batch is stored durably',
      links: {
        status: {
          operationId: statusOperation(kind),
          parameters: { id: ID },
          description: 'Status of the batch',
        },
        items: {
          operationId: 'listImportItems',
          parameters: { id: ID },
          description: 'Items of the batch, page by page',
        },
        report: {
          operationId: 'getImportReport',
          parameters: { id: ID },
          description: 'Report of the batch',
        },
      },
    }),
    ApiErrors({
      400: {
        webook: 'Unknown field. Did you mean "webhook"?',
        [`${name}.3.${faultyField}`]: fault,
        [`${name}.7.id`]: `Must be unique within the batch; duplicates ${name}.2.id`,
      },
      413: { body: SMALLER_BODY },
      415: { 'content-type': 'Must be application/json' },
      422: { 'Idempotency-Key': 'Idempotency key was already used with a different body' },
      503: { service: DATABASE_AWAY },
    }),
  );
}

/** Documents the status of a kind: its three forms, each with an example, and the codes of failed items. */
export function ApiStatus(kind: KindRoutes): MethodDecorator {
  const { name, noun, codes } = kind;
  const Finished = finishedClass(kind);
  const plans = kind.canPlan ? [PlanningImportDto, plannedClass(kind)] : [];
  const shapes = [RunningImportDto, Finished, ...plans];
  return applyDecorators(
    ApiOperation({
      operationId: statusOperation(kind),
      summary: `Get the status of a batch of ${name}`,
      description:
        `Returns the progress while the import runs, then every ${noun} in request order.` +
        (kind.canPlan
          ? ' A plan is `planned` until it is applied; then it has the state of any other import.'
          : '') +
        '\n\n' +
        `Codes of failed ${name}:\n\n${codeTable(codes, noun)}`,
    }),
    ApiExtraModels(...shapes),
    ApiOkResponse({
      description: kind.canPlan ? 'Running, finished, failed or planned' : 'Running, finished or failed',
      content: {
        'application/json': {
          schema: {
            oneOf: shapes.map((shape) => ({ $ref: getSchemaPath(shape) })),
          },
          examples: examplesOf(kind),
        },
      },
    }),
    ApiErrors({
      400: { id: 'Required: a string of 1 to 64 characters', wait: 'Must be an integer from 1 to 60' },
      404: { id: 'No import has this id' },
      503: { service: DATABASE_AWAY },
    }),
  );
}

function codeTable(codes: Codes, noun: string): string {
  const rows = Object.entries(codes).map(
    ([code, { sentence, retryable }]) =>
      `| \`${code}\` | ${sentence.replaceAll('{noun}', noun).replaceAll('|', String.raw`\|`)} | ${retryable ? 'yes' : 'no'} |`,
  );
  return ['| code | meaning | retry can help |', '| --- | --- | --- |', ...rows].join('\n');
}

function examplesOf({ name, noun, example, failure, canPlan }: KindRoutes) {
  const identity = { systemName: SYSTEM, externalId: 'interview-2019-11-21', title: `my ${noun}` };
  const success = { status: 'success', state: 'success', ...identity, [noun]: example.result };
  const skipped = { ...success, status: 'skipped', state: 'skipped', reason: 'already exists' };
  const failed = { status: 'failed', state: 'failed', ...failure, ...identity };
  return {
    running: {
      summary: 'Running',
      value: {
        finished: false,
        state: 'started',
        id: '243kdc',
        startedAt: '2020-01-01 13:45:12',
        progress: { total: 3, success: 1, skipped: 0, failed: 0, pending: 2 },
      },
    },
    finished: {
      summary: `Finished: at least one ${noun} is success or skipped`,
      value: {
        finished: true,
        state: 'success',
        id: '25bzj8j',
        [name]: [success, skipped, failed],
        overview: { total: 3, success: 1, skipped: 1, failed: 1 },
      },
    },
    failed: {
      summary: `Failed: no ${noun} is success or skipped`,
      value: {
        finished: true,
        state: 'failed',
        id: '25bzj8j',
        [name]: [failed],
        overview: { total: 1, success: 0, skipped: 0, failed: 1 },
      },
    },
    ...(canPlan && { planned: { summary: 'Planned, not applied', value: planOf(name, identity) } }),
  };
}

function planOf(name: string, identity: object): object {
  const planned = { status: 'planned', state: 'planned', ...identity };
  const failure = { code: 'TOO_LARGE', reason: 'The file exceeds the size limit', retryable: false };
  return {
    finished: true,
    state: 'planned',
    id: '25bzj8j',
    [name]: [
      { ...planned, prediction: { action: 'create', bytes: 104_857_600 } },
      { ...planned, prediction: { action: 'fail', ...failure } },
    ],
    overview: { total: 2, success: 0, skipped: 0, failed: 0, planned: 2 },
  };
}
