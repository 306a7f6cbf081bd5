import { getMetadataStorage } from 'class-validator';
import { type ArrayRule, arrayRuleOf, type DtoClass } from './array-of.decorator.js';
import { type ContextRule, contextRuleOf } from './context-rule.js';
import { type FreeFormRule, freeFormRuleOf } from './free-form.js';
import { mayBeAbsent } from './optional-body.js';
import { inWords } from './list-in-words.js';

/** Facts about a DTO class, derived from its decorators once per class. */
export interface DtoPlan {
  fields: ReadonlySet<string>;
  /** The same fields, for lists in sentences. */
  names: readonly string[];
  /** Arrays of DTOs, read in time slices. */
  arrays: ReadonlyArray<readonly [field: string, rule: ArrayRule]>;
  /** Fields that are passed on unchanged. */
  freeForm: ReadonlyMap<string, FreeFormRule>;
  /** Texts that are checked by the configuration as well. */
  inContext: ReadonlyArray<readonly [field: string, rule: ContextRule]>;
  /** Whether the body may be absent. */
  mayBeAbsent: boolean;
  /** Error sentence for a value that is not an object. */
  mustBeObject: string;
}

const plans = new WeakMap<DtoClass, DtoPlan>();

/**
 * @param type a class with class-validator decorators
 * @throws Error for asynchronous rules: they would be skipped silently and belong in a service
 */
export function planOf(type: DtoClass): DtoPlan {
  let plan = plans.get(type);
  if (!plan) {
    plan = makePlan(type);
    plans.set(type, plan);
  }
  return plan;
}

function makePlan(type: DtoClass): DtoPlan {
  const storage = getMetadataStorage();
  const rules = storage.getTargetValidationMetadatas(type, '', false, false);
  for (const { constraintCls, propertyName } of rules) {
    if (constraintCls && storage.getTargetValidatorConstraints(constraintCls).some((rule) => rule.async)) {
      throw new Error(`${type.name}.${propertyName}: rules of a DTO must not be asynchronous`);
    }
  }
  // class-validator lists the rules of a class before those of its parents, and lower decorators before upper ones.
  const names = [...new Set(rules.map((rule) => rule.propertyName))];
  const prototype: object = type.prototype;
  const rulesBy = <T>(ruleOf: (prototype: object, name: string) => T | undefined): (readonly [string, T])[] =>
    names.flatMap((name) => {
      const rule = ruleOf(prototype, name);
      return rule ? [[name, rule] as const] : [];
    });
  return {
    fields: new Set(names),
    names,
    arrays: rulesBy(arrayRuleOf),
    freeForm: new Map(rulesBy(freeFormRuleOf)),
    inContext: rulesBy(contextRuleOf),
    mayBeAbsent: mayBeAbsent(type),
    mustBeObject: `Must be an object${names.length > 0 ? ` with ${inWords(names, 'and')}` : ''}`,
  };
}
