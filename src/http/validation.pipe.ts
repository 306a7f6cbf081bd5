import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { DtoReader } from './dto-reader.js';
import { Faults } from './faults.js';

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
    // Parameters of custom decorators come from the server, not from the client.
    if (type === 'custom' || !metatype || NOT_DTOS.has(metatype)) return value;
    const faults = new Faults();
    const dto = await new DtoReader(faults).read(metatype, value);
    faults.throwIfAny();
    return dto;
  }
}
