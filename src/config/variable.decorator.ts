import { Expose, Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';

/** Documentation of an environment variable; docs/configuration.md and .env.example are generated from it. */
export interface VariableDescription {
  /** One or two sentences, each ending with a full stop. */
  description: string;
  /** Default value; absent if there is none. */
  default?: string;
  /** Former name, read if the variable itself is not set. */
  formerName?: string;
  /** Whether an empty text is a value. Otherwise it counts as unset, as in `PORT= npm start`. */
  emptyIsValue?: boolean;
  /** Whether surrounding spaces belong to the value, as in a password. Otherwise they are trimmed. */
  verbatim?: boolean;
  /** Converts the text of the variable to the value of the property. */
  parse?: (text: string) => unknown;
}

export interface Variable extends VariableDescription {
  name: string;
}

const variables: Variable[] = [];

/** Returns all variables in declaration order. */
export function describeVariables(): readonly Variable[] {
  return variables;
}

/** Declares a property of `Environment` as an environment variable. */
export function EnvironmentVariable(description: VariableDescription): PropertyDecorator {
  return (target, property) => {
    const name = String(property);
    variables.push({ name, ...description });
    const parse = description.parse ?? ((text: string) => text);
    Expose()(target, property);
    Transform(({ obj }: { obj: Record<string, string | undefined> }) => {
      const texts = [obj[name], obj[description.formerName ?? name]];
      const given = texts
        .map((text) => (description.verbatim === true ? text : text?.trim()))
        .find((value) => value !== undefined && (value !== '' || description.emptyIsValue === true));
      const text = given ?? description.default;
      return text === undefined ? undefined : parse(text);
    })(target, property);
    if (description.default === undefined) IsOptional()(target, property);
  };
}
