const OPTIONAL_BODY = Symbol('reelport:optional-body');

/** Marks a DTO whose fields are all optional and whose body may be absent. */
export function OptionalBody(): ClassDecorator {
  return (target) => Reflect.defineMetadata(OPTIONAL_BODY, true, target);
}

/** Whether a body of this class may be absent. */
export function mayBeAbsent(type: new () => object): boolean {
  return Reflect.hasMetadata(OPTIONAL_BODY, type);
}
