import type { IFlattenedRuleSet } from 'dependency-cruiser';

type Rule = IFlattenedRuleSet['forbidden'] extends Array<infer R> | undefined ? R : never;

/** Specs, and what they share, may reach for more than the code itself. */
const CODE = String.raw`\.ts$`;
const SPECS = String.raw`\.spec\.ts$|/testing/`;

/** A folder of src may import nothing of src but itself and these. */
function mayImport(folder: string, ...others: readonly string[]): Rule {
  return {
    name: `${folder} → ${others.join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: `^src/${folder}/.*${CODE}`, pathNot: SPECS },
    to: { path: '^src/', pathNot: `^src/(${[folder, ...others].join('|')})/` },
  };
}

/** What every feature may use. */
const COMMON = ['auth', 'config', 'database', 'http', 'outbound', 'process', 'projects', 'queue'];

/** Which way imports may go. An arrow that is not here is not allowed. */
export const rules: Rule[] = [
  mayImport('videos', 'imports', 'webhooks', ...COMMON),
  mayImport('imports', 'webhooks', ...COMMON),
  mayImport('webhooks', ...COMMON),
  mayImport('health', 'imports', ...COMMON),
  mayImport('metrics', 'imports', ...COMMON),
  mayImport('cli', 'auth', 'config', 'database', 'http', 'projects'),
  mayImport('auth', 'config', 'database', 'http', 'limits', 'projects'),
  mayImport('limits', 'config', 'http', 'queue'),
  mayImport('projects', 'database', 'http'),
  mayImport('outbound', 'config'),
  mayImport('queue', 'config'),
  mayImport('database', 'config'),
  mayImport('process', 'config', 'http'),
  mayImport('config'),
  mayImport('http', 'config', 'database'),
  {
    name: 'no circles',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'everything that is imported is there',
    severity: 'error',
    from: { path: '^(src|libs)/' },
    to: { couldNotResolve: true },
  },
  {
    name: 'libs know nothing of src',
    severity: 'error',
    from: { path: '^libs/' },
    to: { path: '^(src|test)/' },
  },
  {
    name: 'the service knows nothing of its tests',
    severity: 'error',
    from: { path: '^src/', pathNot: SPECS },
    to: { path: '^test/' },
  },
  {
    name: 'libs are entered by their door',
    severity: 'error',
    from: { path: '^(src|test)/' },
    to: { path: '^libs/', pathNot: '^libs/[^/]+/src/index[.]ts$' },
  },
  {
    name: 'libs enter each other by their doors',
    severity: 'error',
    from: { path: '^libs/([^/]+)/' },
    to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index[.]ts$'] },
  },
];
