import { ValidateBy } from 'class-validator';

/** Says what is wrong with a value in one sentence, or undefined where nothing is. Must not quote the value. */
export type FaultOf = (value: unknown) => string | undefined;

export interface RuleOptions {
  /** May be left out. `null` is a value, and a wrong one. */
  optional?: boolean;
  /** What the field is, for "This is required: …". */
  wanted: string;
}

/**
 * A rule of class-validator whose sentence depends on what is wrong.
 *
 * @param name of the rule
 * @param options whether the field is required, and what it is
 * @param faultOf looks at a value that is there
 */
export function SentenceRule(name: string, options: RuleOptions, faultOf: FaultOf): PropertyDecorator {
  const fault: FaultOf = (value) => {
    if (value !== undefined) return faultOf(value);
    return options.optional ? undefined : `This is required: ${options.wanted}`;
  };
  return ValidateBy({
    name,
    validator: {
      validate: (value: unknown) => fault(value) === undefined,
      defaultMessage: (rule) => fault(rule?.value) ?? '',
    },
  });
}
