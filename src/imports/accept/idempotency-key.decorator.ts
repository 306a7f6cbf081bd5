import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { badRequest } from '../../http/api-error.js';

const PRINTABLE = /^[\x20-\x7e]{1,255}$/;

/** The `Idempotency-Key` header, or undefined. @throws ApiError 400 unless it has 1–255 printable ASCII characters */
export const IdempotencyKey = createParamDecorator(
  (_: undefined, context: ExecutionContext): string | undefined => {
    const key = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
    if (key === undefined) return undefined;
    if (typeof key !== 'string' || !PRINTABLE.test(key)) {
      throw badRequest({ 'Idempotency-Key': 'Must be 1 to 255 printable ASCII characters' });
    }
    return key;
  },
);
