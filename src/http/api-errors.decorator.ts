import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';
import type { ErrorDetails } from './error-details.js';
import { errorName } from './error-names.js';

/** Every error, whatever raised it. */
export class ErrorEnvelopeDto {
  @ApiProperty({ type: 'integer', description: 'The HTTP status', example: 400 })
  status: number;

  @ApiProperty({ description: 'The name of the error', example: 'Bad Request' })
  error: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'What is wrong, by dotted path to the field or by header; one sentence each',
    example: { 'videos.3.url': 'This must be a URL that begins with http:// or https://' },
  })
  error_details: ErrorDetails;
}

/** An error answer as OpenAPI describes it, with an example in the envelope. */
export function describeError(status: number, error_details: ErrorDetails) {
  return {
    description: errorName(status),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/ErrorEnvelopeDto' },
        example: { status, error: errorName(status), error_details },
      },
    },
  };
}

/**
 * Documents error answers of a route, with an example of each in the envelope.
 *
 * @example @ApiErrors({ 404: { id: 'No import has this id' } })
 */
export function ApiErrors(details: Record<number, ErrorDetails>): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...Object.entries(details).map(([status, error_details]) =>
      ApiResponse({ status: Number(status), ...describeError(Number(status), error_details) }),
    ),
  );
}
