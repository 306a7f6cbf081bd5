import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { notFound } from './api-error.js';
import { takeSource } from './body-source.js';
import { DtoReader } from './dto-reader.js';
import { Faults } from './faults.js';
import { isPlainObject } from './plain-object.js';
import { storableFault } from './validators/characters.js';

/** Types of parameters that are no DTOs; their rules, if any, are pipes of their own. */
const NOT_DTOS = new Set<unknown>([String, Boolean, Number, Array, Object, Buffer, Date]);

/**
 * Turns bodies, queries and path parameters into their DTOs, or answers 400 with everything that is wrong with them.
 *
 * Rules are the decorators of class-validator and class-transformer; the ones under `validators/` bring their
 * sentences and their documentation along. Fields that no decorator names are refused.
 */
@Injectable()
export class DtoValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    // No id of ours has such a character, and the database would stumble over it.
    if (type === 'param' && typeof value === 'string' && storableFault(value) !== undefined) {
      throw notFound('There is nothing with this id');
    }
    // Parameters of custom decorators come from the server, not from the client.
    if (type === 'custom' || !metatype || NOT_DTOS.has(metatype)) return value;
    const faults = new Faults();
    const source = isPlainObject(value) ? takeSource(value) : undefined;
    const dto = await new DtoReader(faults).read(metatype, value, '', source);
    faults.throwIfAny();
    return dto;
  }
}
