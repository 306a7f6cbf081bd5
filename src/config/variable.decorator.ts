import { Expose, Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';

/** One environment variable; docs/configuration.md and .env.example are generated from it. */
export interface VariableDescription {
  /** One or two sentences, each ending with a full stop. */
  description: string;
  /** The value that counts where none is given; absent means that there is none. */
  default?: string;
  /** Read where the variable itself is not given. */
  formerName?: string;
  /** An empty text is a value of its own; otherwise it counts as not given, as in `PORT= npm start`. */
  emptyIsValue?: boolean;
  /** Spaces around it belong to it, as in a password; otherwise they are taken off. */
  verbatim?: boolean;
  /** How the text of the environment becomes the value of the property. */
  parse?: (text: string) => unknown;
}

export interface Variable extends VariableDescription {
  name: string;
}

const variables: Variable[] = [];

/** Every variable in the order of its declaration. */
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
