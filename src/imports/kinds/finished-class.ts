import { ApiProperty } from '@nestjs/swagger';
import type { DtoClass } from '../../http/array-of.decorator.js';
import { PredictionDto } from '../plan/prediction.dto.js';
import { ImportOverviewDto, PlannedItemDto, PlannedOverviewDto } from '../status/status.dto.js';
import { dtoClass } from './generated-class.js';
import type { KindRoutes } from './kind-routes.js';

/** Creates the DTO of the status of a finished import of this kind. */
export function finishedClass(kind: KindRoutes): DtoClass {
  const { name, noun, schemas } = kind;
  const Item = itemClass(kind);
  return dtoClass(schemas.finished, Object, {
    finished: ApiProperty({ enum: [true], type: Boolean, example: true }),
    state: ApiProperty({
      enum: ['success', 'failed'],
      description: `\`success\` if at least one ${noun} is success or skipped`,
      example: 'success',
    }),
    id: ApiProperty({ type: String, example: '25bzj8j' }),
    [name]: ApiProperty({ type: () => Item, isArray: true, description: 'In request order' }),
    overview: ApiProperty({ type: () => ImportOverviewDto }),
  });
}

/** Creates the DTO of the status of a plan of this kind that has not been applied. */
export function plannedClass({ name, schemas }: KindRoutes): DtoClass {
  return dtoClass(schemas.planned, Object, {
    finished: ApiProperty({
      enum: [true],
      type: Boolean,
      description: 'Planning has finished',
      example: true,
    }),
    state: ApiProperty({ enum: ['planned'], example: 'planned' }),
    id: ApiProperty({ type: String, example: '25bzj8j' }),
    [name]: ApiProperty({ type: () => PlannedItemDto, isArray: true, description: 'In request order' }),
    overview: ApiProperty({ type: () => PlannedOverviewDto }),
  });
}

function itemClass({ name, noun, schemas, Result, titleField }: KindRoutes): DtoClass {
  const state = { enum: ['success', 'skipped', 'failed'], example: 'success' };
  return dtoClass(schemas.item, Object, {
    status: ApiProperty({ ...state, description: 'Former name of `state`' }),
    state: ApiProperty(state),
    reason: ApiProperty({
      type: String,
      required: false,
      description: `Why the ${noun} was skipped or failed, in one sentence`,
      example: 'already exists',
    }),
    code: ApiProperty({
      type: String,
      required: false,
      description: `Failure code, from the list above; only for failed ${name}`,
      example: 'INTERNAL',
    }),
    retryable: ApiProperty({
      type: Boolean,
      required: false,
      description: `Whether a retry can help; only for failed ${name}`,
      example: false,
    }),
    systemName: ApiProperty({ type: String, example: 'identity-of-the-archive' }),
    externalId: ApiProperty({
      type: String,
      description: 'The `id` from your request',
      example: 'interview-2019-11-21',
    }),
    title: ApiProperty({ type: String, description: titleField, example: `my ${noun}` }),
    [noun]: ApiProperty({
      required: false,
      type: () => Result,
      description: `Only for successful and skipped ${name}`,
    }),
    prediction: ApiProperty({
      required: false,
      type: () => PredictionDto,
      description: `Outcome that the plan predicted; only for planned ${name}`,
    }),
  });
}
