const FREE_FORM = Symbol('reelport:free-form');

export interface FreeFormRule {
  /** Characters up to which the kept text includes white space between tokens. */
  maxLength: number;
}

/**
 * Marks a field whose value belongs to the client: class-transformer neither walks nor copies the parsed object. Its
 * text is kept beside it (`free-form-text.ts`).
 */
export function FreeForm(rule: FreeFormRule): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(FREE_FORM, rule, target, property);
}

/** The rule of a field, own or inherited; undefined if the field is not free-form. */
export function freeFormRuleOf(prototype: object, property: string): FreeFormRule | undefined {
  const rule: FreeFormRule | undefined = Reflect.getMetadata(FREE_FORM, prototype, property);
  return rule;
}
