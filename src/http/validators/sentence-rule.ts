import { ValidateBy } from 'class-validator';

/** Returns a sentence about a faulty value, or undefined. It must not quote the value. */
export type FaultOf = (value: unknown) => string | undefined;

export interface RuleOptions {
  /** Whether the field may be absent. `null` is a value, and never a valid one. */
  optional?: boolean;
  /** Description of a valid value, for "Required: …". */
  wanted: string;
}

/**
 * A class-validator rule whose sentence depends on the fault.
 *
 * @param name name of the rule
 * @param options whether the field is required, and its description
 * @param faultOf examines a value that is present
 */
export function SentenceRule(name: string, options: RuleOptions, faultOf: FaultOf): PropertyDecorator {
  const fault: FaultOf = (value) => {
    if (value !== undefined) return faultOf(value);
    return options.optional ? undefined : `Required: ${options.wanted}`;
  };
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown) => fault(value) === undefined,
      defaultMessage: (rule) => fault(rule?.value) ?? '',
    },
  });
}
