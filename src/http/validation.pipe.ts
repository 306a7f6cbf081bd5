import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { notFound } from './api-error.js';
import { takeSource } from './body-source.js';
import type { RuleContext } from './context-rule.js';
import { DtoReader } from './dto-reader.js';
import { Faults } from './faults.js';
import { isPlainObject } from './plain-object.js';
import { storableFault } from './validators/characters.js';

/** Parameter types that are not DTOs; pipes of their own validate them, if at all. */
const NOT_DTOS = new Set<unknown>([String, Boolean, Number, Array, Object, Buffer, Date]);

/**
 * Converts bodies, queries and path parameters into DTOs, or answers 400 with all faults.
 *
 * Rules are the decorators of class-validator and class-transformer. Those in `validators/` come with their sentences
 * and OpenAPI documentation. Fields without a decorator are refused.
 */
@Injectable()
export class DtoValidationPipe implements PipeTransform {
  constructor(private readonly context: RuleContext) {}

  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    // No issued id contains such a character, and PostgreSQL would fail on it.
    if (type === 'param' && typeof value === 'string' && storableFault(value) !== undefined) {
      throw notFound('No resource has this id');
    }
    // Parameters of custom decorators come from the server, not from the client.
    if (type === 'custom' || !metatype || NOT_DTOS.has(metatype)) return value;
    const faults = new Faults();
    const source = isPlainObject(value) ? takeSource(value) : undefined;
    const dto = await new DtoReader(faults, this.context).read(metatype, value, '', source);
    faults.throwIfAny();
    return dto;
  }
}
