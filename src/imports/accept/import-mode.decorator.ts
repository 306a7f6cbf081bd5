import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { badRequest } from '../../http/api-error.js';
import { isPlainObject } from '../../http/plain-object.js';
import { IMPORT_MODES, type ImportMode } from '../import.entity.js';

/** The `mode` parameter of the query, `run` by default; others are ignored, as ever. @throws ApiError 400 */
export const ModeOfImport = createParamDecorator((_: undefined, context: ExecutionContext): ImportMode => {
  const { query } = context.switchToHttp().getRequest<FastifyRequest>();
  const wanted: unknown = isPlainObject(query) ? query['mode'] : undefined;
  if (wanted === undefined) return 'run';
  const mode = IMPORT_MODES.find((each) => each === wanted);
  if (mode === undefined) throw badRequest({ mode: 'Must be "run" or "plan"' });
  return mode;
});
