/** A variable of an extension. */
export interface AddedVariable {
  /** JSON Schema with `description`, and `example` unless the value is secret. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Required form, such as `an integer`. */
  readonly wanted: string;
  /** Whether the variable may be unset. */
  readonly isOptional: boolean;
  /** Reads its text; unreadable text is returned unchanged. */
  readonly parse: (text: string) => unknown;
  readonly holds: (value: unknown) => boolean;
}

/** Variables of an extension by name. */
export interface AddedSettings {
  readonly fields: Readonly<Record<string, AddedVariable>>;
  /** Receives the values once all hold. */
  fill(values: object): void;
}

/** A storage or a media service of an extension: its variables are read if it is chosen. */
export interface AddedChoice {
  readonly name: string;
  readonly settings: AddedSettings | undefined;
}

/** What extensions add to the environment. */
export interface Additions {
  readonly settings: readonly AddedSettings[];
  readonly storages: readonly AddedChoice[];
  readonly mediaServices: readonly AddedChoice[];
}

export const NO_ADDITIONS: Additions = { settings: [], storages: [], mediaServices: [] };

/** Values of settings that have been read, and the faults, one line each. */
export interface ReadSettings {
  settings: AddedSettings;
  values: object;
  faults: string[];
}

type Source = Readonly<Record<string, string | undefined>>;

/** Reads the variables of an extension. No line shows a value, which may be secret. */
export function readSettings(settings: AddedSettings, source: Source): ReadSettings {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, variable] of Object.entries(settings.fields)) {
    const text = isSecret(variable) ? source[name] : source[name]?.trim();
    if (text === undefined || text === '') {
      if (!variable.isOptional) faults.push(`${name} is required: ${wantedOf(variable)}`);
      continue;
    }
    const value = variable.parse(text);
    if (variable.holds(value)) values[name] = value;
    else faults.push(`${name} must be ${wantedOf(variable)}`);
  }
  return { settings, values, faults };
}

/** Whether a value must not be shown. */
export function isSecret({ schema }: AddedVariable): boolean {
  return schema['format'] === 'password';
}

function wantedOf({ wanted, schema: { example } }: AddedVariable): string {
  if (example === undefined) return wanted;
  return `${wanted}, such as ${typeof example === 'string' ? example : JSON.stringify(example)}`;
}
