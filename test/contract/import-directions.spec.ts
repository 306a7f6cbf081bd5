import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cruise, type ICruiseResult, type IModule } from 'dependency-cruiser';
import { beforeAll, describe, expect, it } from 'vitest';
import { consoleRules, rules } from './import-directions.rules.js';

let result: ICruiseResult;
let sources: Map<string, string>;

beforeAll(async () => {
  const { output } = await cruise(['src', 'libs'], {
    ruleSet: { forbidden: rules },
    validate: true,
    doNotFollow: { path: 'node_modules' },
    // A program of its own, for the browser, that only the client is shared with.
    exclude: { path: '^libs/console/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  });
  if (typeof output === 'string') throw new Error(output);
  result = output;
  sources = new Map();
  for (const folder of ['src', 'libs']) {
    for (const file of await readdir(folder, { recursive: true })) {
      if (file.endsWith('.ts')) sources.set(join(folder, file), await readFile(join(folder, file), 'utf8'));
    }
  }
});

/** Production files whose text matches. */
function filesWith(pattern: RegExp, folder = ''): string[] {
  return [...sources]
    .filter(
      ([file, text]) =>
        file.startsWith(folder) && !/\.spec\.ts$|\/testing\//.test(file) && pattern.test(text),
    )
    .map(([file]) => file)
    .sort();
}

/** All modules that a module loads at run time, directly or indirectly, including itself. */
function reachableFrom(entry: string): Set<string> {
  const modules = new Map(result.modules.map((module): [string, IModule] => [module.source, module]));
  const reached = new Set([entry]);
  for (const source of reached) {
    for (const { resolved, dependencyTypes } of modules.get(source)?.dependencies ?? []) {
      if (!dependencyTypes.includes('type-only')) reached.add(resolved);
    }
  }
  return reached;
}

describe('imports', () => {
  it('follow the directions of import-directions.rules.ts', () => {
    expect(result.summary.totalCruised).toBeGreaterThan(100);
    const violations = result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
    expect(violations).toEqual([]);
  });

  it('are all analysed, including those of libs', () => {
    const arrows = result.modules.flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved }) => `${source} → ${resolved}`),
    );
    expect(arrows).toContain('src/outbound/outbound.module.ts → libs/outbound-http/src/index.ts');
    expect(arrows).toContain('src/videos/videos-api.module.ts → src/videos/videos-core.module.ts');
  });

  it('reach queue consumers only from the worker module', () => {
    const consumers = filesWith(/queue\.process\(/);
    expect(consumers.length).toBeGreaterThan(0);
    const [worker, api] = [reachableFrom('src/worker.module.ts'), reachableFrom('src/app.module.ts')];
    expect(consumers.filter((file) => !worker.has(file))).toEqual([]);
    expect(consumers.filter((file) => api.has(file))).toEqual([]);
  });
});

describe('imports of the console', () => {
  it('follow their directions', async () => {
    const { output } = await cruise(['libs/console/src'], {
      ruleSet: { forbidden: consoleRules },
      validate: true,
      doNotFollow: { path: 'node_modules' },
      tsPreCompilationDeps: true,
      tsConfig: { fileName: 'libs/console/tsconfig.json' },
      enhancedResolveOptions: {
        conditionNames: ['source', 'browser', 'svelte', 'import', 'default'],
        exportsFields: ['exports'],
      },
    });
    if (typeof output === 'string') throw new Error(output);
    const arrows = output.modules.flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved }) => `${source} → ${resolved}`),
    );
    // Also those of components.
    expect(arrows).toContain('libs/console/src/app/App.svelte → libs/console/src/app/Shell.svelte');
    const violations = output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
    expect(violations).toEqual([]);
  });
});

describe('the sources', () => {
  it('never mention videos in src/imports', () => {
    const named = [...sources].filter(
      ([file, text]) => file.startsWith('src/imports/') && /video/i.test(file + text),
    );
    expect(named.map(([file]) => file)).toEqual([]);
  });

  it('read the environment only in src/config', () => {
    expect(filesWith(/process\.env\b|process\[/, 'src/')).toEqual([
      'src/config/isolation.ts',
      'src/config/parse-environment.ts',
      'src/config/thread-pool.ts',
    ]);
  });

  it('parse URLs with parseUrl, because canParse is wrong for internationalised hosts on Node 20', () => {
    expect(filesWith(/\bcanParse\(/)).toEqual([]);
  });

  it('contain no forwardRef and no default export', () => {
    expect(filesWith(/\bforwardRef\(/)).toEqual([]);
    expect(filesWith(/^export default\b|\bas default\b/m)).toEqual([]);
  });
});
