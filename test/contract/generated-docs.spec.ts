import { expect, describe, it } from 'vitest';
import { withCode } from './code-docs.js';
import { withContainerTable } from './container-docs.js';
import { withFailureTables } from './failure-docs.js';
import { withEnvironmentTable } from './environment-docs.js';
import { GENERATED_FILES, regenerate } from './generated-docs.js';

describe('npm run docs', () => {
  it.each(GENERATED_FILES.map((file) => ({ file, path: file.path })))(
    'leaves $path as it is in git',
    async ({ file }) => {
      const { present, generated } = await regenerate('.', file);
      expect(present).toBe(generated);
    },
  );

  it('refuses a document without marks', () => {
    expect(() => withEnvironmentTable('# Reelport\n')).toThrow('environment:begin');
    expect(() => withContainerTable('# Reelport\n')).toThrow('containers:begin');
    expect(() => withFailureTables('# Reelport\n')).toThrow('codes:begin');
    expect(() => withCode('# Reelport\n')).toThrow('code:begin');
  });
});
