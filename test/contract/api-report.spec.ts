import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiReport } from './api-report.js';

it('The public types are those of api-report.md: if the change is meant, run npm run -s api-report', () => {
  expect(apiReport()).toBe(readFileSync('test/contract/api-report.md', 'utf8'));
});
