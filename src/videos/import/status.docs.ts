import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { DATABASE_AWAY } from '../../http/known-error.js';
import { FinishedImportDto, RunningImportDto } from './status.dto.js';

const VIDEO = {
  mediaId: 'jjiwhsf23kdk',
  originalUrl: 'https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4',
  url: 'https://cdn.example.com/2019/11/21/a209790e-4a4b-4e0f-8d51-6d3a1c1f0b77.mp4?auto=format',
  width: 320,
  height: 180,
  mimeType: 'video/mp4',
  videoService: 'imgix',
};

const IDENTITY = {
  systemName: 'identity-of-the-archive',
  externalId: 'interview-2019-11-21',
  title: 'my video',
};

const SUCCESS = { status: 'success', state: 'success', ...IDENTITY, video: VIDEO };
const SKIPPED = { status: 'skipped', state: 'skipped', reason: 'already exists', ...IDENTITY, video: VIDEO };
const FAILED = {
  status: 'failed',
  state: 'failed',
  reason: 'Could not download the video: the server answered 404',
  code: 'HTTP_STATUS',
  retryable: false,
  ...IDENTITY,
};

/** Documents the three forms of a status, each with an example. */
export function ApiStatusAnswers(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(RunningImportDto, FinishedImportDto),
    ApiOkResponse({
      description: 'Running, finished or failed',
      content: {
        'application/json': {
          schema: {
            oneOf: [{ $ref: getSchemaPath(RunningImportDto) }, { $ref: getSchemaPath(FinishedImportDto) }],
          },
          examples: {
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
              summary: 'Finished: at least one video is success or skipped',
              value: {
                finished: true,
                state: 'success',
                id: '25bzj8j',
                videos: [SUCCESS, SKIPPED, FAILED],
                overview: { total: 3, success: 1, skipped: 1, failed: 1 },
              },
            },
            failed: {
              summary: 'Failed: no video is success or skipped',
              value: {
                finished: true,
                state: 'failed',
                id: '25bzj8j',
                videos: [FAILED],
                overview: { total: 1, success: 0, skipped: 0, failed: 1 },
              },
            },
          },
        },
      },
    }),
    ApiErrors({
      400: { id: 'Required: a string of 1 to 64 characters' },
      404: { id: 'No import has this id' },
      503: { service: DATABASE_AWAY },
    }),
  );
}
