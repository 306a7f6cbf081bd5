/** Options of the command. */
export interface Wanted {
  readonly kind?: 'media' | 'plain';
  readonly step?: boolean;
  readonly listener?: boolean;
}

/** A part of a generated extension; texts may contain placeholders. */
export interface Part {
  /** Names of the template of the code and of that of its test, without `.ts`. */
  readonly template: string;
  /** Name of the file in `src`, without `.ts`. */
  readonly file: string;
  /** What the file exports. */
  readonly names: readonly string[];
  /** Properties of the extension. */
  readonly properties: readonly string[];
  /** Imports of the test from `reelport/testing`. */
  readonly testNames: readonly string[];
  /** Imports of the test from this package. */
  readonly testImport: string;
  /** Imports of the test from Node. */
  readonly nodeImports: readonly string[];
  /** A constant of the test. */
  readonly constant: string;
  /** More options of `openScene()`. */
  readonly environment: string;
  /** A line of the shell without which the start refuses. */
  readonly exports: string;
}

const NOTHING = {
  testNames: [],
  testImport: '',
  nodeImports: [],
  constant: '',
  environment: '',
  exports: '',
};

const MEDIA: Part = {
  ...NOTHING,
  template: 'media-kind',
  file: 'kind',
  names: ['kind'],
  properties: ['kinds: [kind]'],
  testNames: ['kindContract'],
  testImport: "import { kind } from './kind.js';",
};

const PLAIN: Part = {
  ...NOTHING,
  template: 'plain-kind',
  file: 'kind',
  names: ['kind'],
  properties: ['kinds: [kind]'],
};

const STEP: Part = {
  ...NOTHING,
  template: 'step',
  file: 'step',
  names: ['step'],
  properties: ['steps: [step]'],
};

const LISTENER: Part = {
  ...NOTHING,
  template: 'listener',
  file: 'listener',
  names: ['listener', 'settings'],
  properties: ['listeners: [listener]', 'settings'],
  nodeImports: [
    "import { readFile } from 'node:fs/promises';",
    "import { tmpdir } from 'node:os';",
    "import { join } from 'node:path';",
    "import { setTimeout as wait } from 'node:timers/promises';",
  ],
  constant: 'const LOG = join(tmpdir(), `{{name}}-${process.pid}.txt`);\n',
  environment: ', environment: { {{PREFIX}}_LOG: LOG }',
  exports: 'export {{PREFIX}}_LOG={{name}}.txt # the setting of the listener',
};

/** The form of the kind of an extension: media unless other parts are wanted. */
export function kindFormOf({ kind, step = false, listener = false }: Wanted): Wanted['kind'] {
  return kind ?? (step || listener ? undefined : 'media');
}

/** The parts of an extension. */
export function partsOf(wanted: Wanted): Part[] {
  const { step = false, listener = false } = wanted;
  const kind = kindFormOf(wanted);
  return [
    ...(kind === 'media' ? [MEDIA] : []),
    ...(kind === 'plain' ? [PLAIN] : []),
    ...(step ? [STEP] : []),
    ...(listener ? [LISTENER] : []),
  ];
}
