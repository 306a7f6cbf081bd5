const FREE_FORM = Symbol('reelport:free-form');

/**
 * Marks a field whose value belongs to the client: it is handed on as the very object that was parsed, neither walked
 * nor copied by class-transformer.
 */
export function FreeForm(): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(FREE_FORM, true, target, property);
}

export function isFreeForm(prototype: object, property: string): boolean {
  return Reflect.getMetadata(FREE_FORM, prototype, property) === true;
}
