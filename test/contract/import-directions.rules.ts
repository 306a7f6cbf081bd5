import type { IFlattenedRuleSet } from 'dependency-cruiser';

type Rule = IFlattenedRuleSet['forbidden'] extends Array<infer R> | undefined ? R : never;

/** Specs and their helpers may import more than production code. */
const CODE = String.raw`\.ts$`;
const SPECS = String.raw`\.spec\.ts$|/testing/`;

/** Restricts the imports of a folder of src to itself and the given folders. */
function mayImport(folder: string, ...others: readonly string[]): Rule {
  return {
    name: `${folder} → ${others.join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: `^src/${folder}/.*${CODE}`, pathNot: SPECS },
    to: { path: '^src/', pathNot: `^src/(${[folder, ...others].join('|')})/` },
  };
}

/** Folders that every feature may import. */
const COMMON = [
  'auth',
  'config',
  'database',
  'extension',
  'http',
  'outbound',
  'process',
  'projects',
  'queue',
];

const NO_CIRCLE: Rule = {
  name: 'no circular imports',
  severity: 'error',
  from: {},
  to: { circular: true },
};

/** The allowed import directions of the server and its libraries; all others are forbidden. */
export const rules: Rule[] = [
  mayImport('videos', 'media', 'imports', 'webhooks', ...COMMON),
  mayImport('media', 'imports', 'webhooks', 'events', ...COMMON),
  mayImport('imports', 'webhooks', 'events', ...COMMON),
  mayImport('webhooks', ...COMMON),
  mayImport('events', ...COMMON),
  mayImport('health', 'imports', 'events', ...COMMON),
  mayImport('metrics', 'imports', 'events', ...COMMON),
  mayImport('extension', 'auth', 'config', 'database', 'http'),
  mayImport('cli', 'auth', 'config', 'database', 'extension', 'http', 'projects'),
  mayImport('auth', 'config', 'database', 'http', 'limits', 'projects'),
  mayImport('limits', 'config', 'http', 'queue'),
  mayImport('projects', 'database', 'http'),
  mayImport('openapi', 'sample', 'imports', ...COMMON),
  mayImport('sample', 'config', 'process'),
  mayImport('console', 'config', 'http', 'process'),
  mayImport('outbound', 'config'),
  mayImport('queue', 'config'),
  mayImport('database', 'config'),
  mayImport('process', 'config', 'database', 'http'),
  mayImport('config'),
  mayImport('http', 'config', 'database'),
  NO_CIRCLE,
  {
    name: 'every import resolves',
    severity: 'error',
    from: { path: '^(src|libs)/' },
    to: { couldNotResolve: true },
  },
  {
    name: 'libs do not import src',
    severity: 'error',
    from: { path: '^libs/' },
    to: { path: '^(src|test)/' },
  },
  {
    name: 'the server imports neither the client nor the console',
    severity: 'error',
    // `npx reelport` runs the commands of both.
    from: { path: '^src/', pathNot: '^src/reelport[.]ts$' },
    to: { path: '^libs/(client|console)/' },
  },
  {
    name: 'the client imports nothing of the server',
    severity: 'error',
    from: { path: '^libs/client/' },
    to: { path: '^(src|libs|test)/', pathNot: '^libs/client/' },
  },
  {
    name: 'src does not import its tests',
    severity: 'error',
    from: { path: '^src/', pathNot: SPECS },
    to: { path: '^test/' },
  },
  {
    name: 'src imports libs only through their index',
    severity: 'error',
    from: { path: '^(src|test)/' },
    to: { path: '^libs/', pathNot: ['^libs/[^/]+/src/index[.]ts$', '^libs/client/src/cli/run[.]ts$'] },
  },
  {
    name: 'libs import each other only through their index',
    severity: 'error',
    from: { path: '^libs/([^/]+)/' },
    to: {
      path: '^libs/',
      // Specs of several libraries look at processes.
      pathNot: [
        '^libs/$1/',
        '^libs/[^/]+/src/index[.]ts$',
        '^libs/client/src/table/index[.]ts$',
        '^libs/child-pool/src/testing/',
      ],
    },
  },
];

/** Restricts the imports of a folder of the console to itself, the given folders, and the texts. */
function consoleMayImport(folder: string, ...others: readonly string[]): Rule {
  return {
    name: `console: ${folder} → ${others.join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: `^libs/console/src/${folder}/` },
    to: {
      path: '^libs/console/src/',
      pathNot: `^libs/console/src/((${[folder, ...others].join('|')})/|texts[.]ts$)`,
    },
  };
}

/** The allowed import directions of the console. */
export const consoleRules: Rule[] = [
  consoleMayImport('pages', 'components', 'api', 'lib'),
  consoleMayImport('components', 'api', 'lib'),
  consoleMayImport('api', 'lib'),
  consoleMayImport('lib'),
  NO_CIRCLE,
];
