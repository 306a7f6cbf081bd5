import { writeFile } from 'node:fs/promises';
import { apiReport } from './api-report.js';

/** `npm run api-report`: writes the public types, for a reviewed change. */
await writeFile('test/contract/api-report.md', apiReport());
