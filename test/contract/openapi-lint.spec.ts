import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { scopeNames } from '../../src/auth/scopes.js';
import { operationsOf, type OpenApi } from './openapi.reading.js';

const DOCUMENT = 'test/contract/openapi.json';
const document: OpenApi = JSON.parse(readFileSync(DOCUMENT, 'utf8'));

interface Finished {
  code: number;
  stdout: string;
}

/** Runs a linter, which reads its rules from its configuration file in the root folder. */
async function lint(file: string, ...args: string[]): Promise<Finished> {
  // Neither telemetry nor update checks.
  const env = {
    PATH: process.env['PATH'],
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file, 'lint', ...args], { env });
    return { code: 0, stdout };
  } catch (error) {
    if (!(error instanceof Error) || !('stdout' in error) || !('code' in error)) throw error;
    return { code: Number(error.code), stdout: String(error.stdout) };
  }
}

it('passes the recommended rules of Redocly without a warning', async () => {
  const { code, stdout } = await lint('node_modules/@redocly/cli/bin/cli.js', 'reelport', '--format=json');
  const report: { totals: object; problems: object[] } = JSON.parse(stdout);
  expect(report.problems).toEqual([]);
  expect(code).toBe(0);
});

it('passes the recommended rules of Spectral without a warning', async () => {
  const { code, stdout } = await lint(
    'node_modules/@stoplight/spectral-cli/dist/index.js',
    DOCUMENT,
    '--format=json',
    '--fail-severity=hint',
    '--quiet',
  );
  expect(JSON.parse(stdout === '' ? '[]' : stdout)).toEqual([]);
  expect(code).toBe(0);
});

it('requires existing scopes, and marks public operations', () => {
  for (const { name, operation } of operationsOf(document)) {
    expect({ name, security: operation.security }).not.toEqual({ name, security: undefined });
    for (const scope of (operation.security ?? []).flatMap((each) => Object.values(each).flat())) {
      expect(scopeNames()).toContain(scope);
    }
  }
});
