const FREE_FORM = Symbol('reelport:free-form');

export interface FreeFormRule {
  /** Characters up to which its text is kept with the white space between its tokens. */
  maxLength: number;
}

/**
 * Marks a field whose value belongs to the client: it is handed on as the very object that was parsed, neither walked
 * nor copied by class-transformer. Its text is kept beside it (`free-form-text.ts`).
 */
export function FreeForm(rule: FreeFormRule): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(FREE_FORM, rule, target, property);
}

/** The rule of a field, its own or inherited; undefined for a field that is not free. */
export function freeFormRuleOf(prototype: object, property: string): FreeFormRule | undefined {
  const rule: FreeFormRule | undefined = Reflect.getMetadata(FREE_FORM, prototype, property);
  return rule;
}
