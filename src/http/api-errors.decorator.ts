import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';
import type { ErrorDetails } from './error-details.js';
import { errorName } from './error-names.js';

/** Error envelope of every route. */
export class ErrorEnvelopeDto {
  @ApiProperty({ type: 'integer', description: 'HTTP status', example: 400 })
  status: number;

  @ApiProperty({ description: 'Name of the error', example: 'Bad Request' })
  error: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'One sentence per fault, keyed by the dotted path of the field or by the header',
    example: { systemName: 'Required: a string of 1 to 128 characters' },
  })
  error_details: ErrorDetails;
}

/** OpenAPI description of an error response, with an example envelope. */
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
 * Documents the error responses of a route, each with an example envelope.
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
