import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { hostKey, parseUrl } from '#libs/outbound-http';
import type { PlainKindPart } from '../../extension/define-kind.js';
import { schemaNames, type SchemaNames } from '../../extension/schema-names.js';
import type { Field, Shape } from '../../extension/shape.js';
import { storableFault } from '../../http/validators/characters.js';
import { SentenceRule } from '../../http/validators/sentence-rule.js';
import { Text } from '../../http/validators/text.js';
import { ENGINE_CODES } from '../failure.js';
import type { NewItem } from '../import-kind.js';
import { exampleOf, fieldProperties, propertyOf } from '../kinds/field-property.js';
import { dtoClass } from '../kinds/generated-class.js';
import type { KindRoutes } from '../kinds/kind-routes.js';
import { plainCodes } from './plain-import-kind.js';

/** An entry of a batch of a plain kind, besides the fields of its shape. */
export class PlainEntry {
  id: string;
  title?: string;
}

/** Fields that every entry has. */
const COMMON_FIELDS: readonly string[] = ['id', 'title'];

/** The routes of a plain kind. The payload of an item is the object that the shape of the kind describes. */
export function plainKindRoutes(kind: PlainKindPart): KindRoutes<PlainEntry> {
  const { name, noun, item, result } = kind;
  const taken = Object.keys(item).filter((field) => COMMON_FIELDS.includes(field));
  if (taken.length > 0) throw new Error(`Import kind "${name}": every entry has ${taken.join(', ')} anyway`);
  const [[field, wanted] = ['id', 'a string of 1 to 255 characters']] = Object.entries(item)
    .filter(([, { isOptional }]) => !isOptional)
    .map(([required, shape]) => [required, shape.wanted] as const);
  const schemas = schemaNames(kind);
  return {
    name,
    noun,
    schemas,
    Entry: entryClass(kind, schemas),
    Result: dtoClass(schemas.result, Object, fieldProperties(inStatus(result))),
    example: {
      entry: { id: 'interview-2019-11-21', title: `my ${noun}`, ...exampleOf(item) },
      result: exampleOf(inStatus(result)),
    },
    entryFault: [field, `Required: ${wanted}`],
    failure: { code: 'INTERNAL', reason: ENGINE_CODES.INTERNAL.sentence, retryable: true },
    titleField: 'The `title` from your request, or the `id` without one',
    work: 'processed',
    canPlan: false,
    codes: plainCodes(kind),
    itemOf: (entry) => itemOf(kind, entry),
  };
}

function itemOf(kind: PlainKindPart, entry: PlainEntry): NewItem | string {
  const payload: Record<string, unknown> = {};
  for (const field of Object.keys(kind.item)) {
    const value: unknown = Reflect.get(entry, field);
    if (value !== undefined) payload[field] = value;
  }
  const url = kind.host(payload);
  if (url !== null && !isHttpUrl(url))
    return `The URL of the ${kind.noun} must be a complete http or https URL`;
  const { id: externalId, title = externalId } = entry;
  return { externalId, title, payload, originHost: url === null ? null : hostKey(url) };
}

function isHttpUrl(url: string): boolean {
  return /^https?:$/.test(parseUrl(url)?.protocol ?? '');
}

function inStatus(shape: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([, field]) => field.inStatus));
}

function entryClass({ noun, item }: PlainKindPart, { entry }: SchemaNames): new () => PlainEntry {
  return dtoClass(entry, PlainEntry, {
    id: Text({
      max: 255,
      description: `Your id of the ${noun}, unique within the batch; systemName and id together identify the ${noun}`,
      example: 'interview-2019-11-21',
    }),
    title: Text({
      max: 255,
      optional: true,
      description: `Title of the ${noun}; default: its id`,
      example: `my ${noun}`,
    }),
    ...Object.fromEntries(Object.entries(item).map(([field, shape]) => [field, ShapeField(shape)])),
  });
}

/** A field of an entry, checked by the shape of its kind. */
function ShapeField(field: Field<unknown>): PropertyDecorator {
  const { wanted, isOptional, holds } = field;
  return applyDecorators(
    SentenceRule('shapeField', { optional: isOptional, wanted }, (value) => {
      if (holds(value)) return undefined;
      return (typeof value === 'string' ? storableFault(value) : undefined) ?? `Must be ${wanted}`;
    }),
    ApiProperty(propertyOf(field)),
  );
}
