import type { Field, FieldOptions, Shape, ShapeOf } from './shape.js';

/** Environment variables of an extension, read and validated with those of Reelport. */
export interface Settings<S extends Shape = Shape> {
  readonly fields: S;
  /** The values. @throws Error before the environment has been read */
  readonly values: Readonly<ShapeOf<S>>;
  /** Called once at start with values that hold. */
  fill(values: ShapeOf<S>): void;
}

/** A text that is never printed: documents and error messages show neither value nor example. */
export function secret({
  description,
}: Pick<FieldOptions<string>, 'description'>): Field<string> & SecretMark {
  return {
    schema: { type: 'string', format: 'password', description },
    wanted: 'a text',
    isOptional: false,
    inStatus: false,
    isSecret: true,
    holds: (value): value is string => typeof value === 'string' && value !== '',
    parse: (given) => given,
  };
}

/** Marks a field whose value must not be shown. */
export interface SecretMark {
  readonly isSecret: true;
}

/** Defines environment variables. `optional()` fields may be missing; all others stop the start. */
export function defineSettings<const S extends Shape>(fields: S): Settings<S> {
  let filled: Readonly<ShapeOf<S>> | undefined;
  return {
    fields,
    get values() {
      if (filled === undefined) {
        throw new Error(
          `Settings are read at start; do not use ${Object.keys(fields).join(', ')} while loading`,
        );
      }
      return filled;
    },
    fill(values) {
      filled = Object.freeze({ ...values });
    },
  };
}
