/** Decorators of fields, by name, in the order of the documentation. */
export type FieldDecorators = Readonly<Record<string, PropertyDecorator>>;

/** Creates a DTO class with decorated fields, as if it had been written. The base stays without decorators. */
export function dtoClass<T extends object>(
  name: string,
  Base: new () => T,
  fields: FieldDecorators,
): new () => T;
export function dtoClass(name: string, Base: new () => object, fields: FieldDecorators): new () => object {
  const { [name]: Made } = { [name]: class extends Base {} };
  for (const [field, decorate] of Object.entries(fields)) decorate(Made.prototype, field);
  return Made;
}
