/** What the configuration of this process decides about DTOs. */
export interface RuleContext {
  /** Maximum number of entries of a batch. */
  maxBatchItems: number;
  /** Explains why this process can never reach a URL; undefined if it may. */
  refusalOf: (url: string) => string | undefined;
}

/** Returns a sentence about a well-formed value, or undefined. It must not quote the value. */
export type ContextRule = (value: string, context: RuleContext) => string | undefined;

const CONTEXT_RULE = Symbol('reelport:context-rule');

/** Checks a text by the configuration once its other rules hold; class-validator would not hand over a context. */
export function CheckInContext(rule: ContextRule): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(CONTEXT_RULE, rule, target, property);
}

/** The rule of a field, own or inherited; undefined if it has none. */
export function contextRuleOf(prototype: object, property: string): ContextRule | undefined {
  const rule: ContextRule | undefined = Reflect.getMetadata(CONTEXT_RULE, prototype, property);
  return rule;
}
