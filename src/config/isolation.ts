/** What a process of an isolated kind is for. */
export interface IsolationOrder {
  /** Name of the kind. */
  readonly kind: string;
  /** Values of the settings of its extension. */
  readonly settings: object;
  /** Number of files after which the process asks to be replaced. */
  readonly maxFiles: number;
  /** Growth in bytes at which it asks to be replaced. */
  readonly maxGrowthBytes: number;
}

/** Marks a process that identifies files instead of starting. */
const MARKER = 'REELPORT_IDENTIFIES';
/** What programs and their libraries need of an environment: none of it is secret. */
const KEPT = [
  'HOME',
  'LANG',
  'LC_ALL',
  'LD_LIBRARY_PATH',
  'NODE_ENV',
  'NODE_OPTIONS',
  'NODE_PATH',
  'PATH',
  'TMPDIR',
  'TZ',
];

/** All variables of a process of an isolated kind. */
export function isolatedEnvironment(order: IsolationOrder): Record<string, string> {
  const kept = KEPT.flatMap((name): Array<[string, string]> => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), [MARKER]: JSON.stringify(order) };
}

/** What this process is to identify; undefined in a process that was started to do anything else. */
export function takeIsolationOrder(): IsolationOrder | undefined {
  const text = process.env[MARKER];
  if (text === undefined) return undefined;
  // Programs that a parser starts are not processes of the kind.
  delete process.env[MARKER];
  const order: IsolationOrder = JSON.parse(text);
  return order;
}
