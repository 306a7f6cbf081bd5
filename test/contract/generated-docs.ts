import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { withCode } from './code-docs.js';
import { withContainerTable } from './container-docs.js';
import { withFailureTables } from './failure-docs.js';
import { withFaultTable } from './extension-docs.js';
import { environmentExample, withEnvironmentTable } from './environment-docs.js';

interface GeneratedFile {
  /** Relative to the repository. */
  path: string;
  generate: (present: string) => string;
  /** Formatted by prettier. */
  isMarkdown: boolean;
}

/** Every file that `npm run docs` writes, completely or between two marks. */
export const GENERATED_FILES: readonly GeneratedFile[] = [
  { path: 'docs/configuration.md', generate: withEnvironmentTable, isMarkdown: true },
  {
    path: 'docs/extending.md',
    generate: (present) => withCode(withFaultTable(present)),
    isMarkdown: true,
  },
  ...['completeness', 'plan-and-apply', 'watching', 'webhooks']
    .map((name) => `docs/${name}.md`)
    .concat(['antivirus', 'captions', 'images', 'notify'].map((name) => `examples/${name}/README.md`))
    .concat('libs/client/README.md')
    .map((path) => ({
      path,
      generate: (present: string) => withCode(present),
      isMarkdown: true,
    })),
  { path: 'docs/failures.md', generate: withFailureTables, isMarkdown: true },
  { path: 'docs/media.md', generate: withContainerTable, isMarkdown: true },
  { path: 'libs/media-probe/README.md', generate: withContainerTable, isMarkdown: true },
  { path: '.env.example', generate: environmentExample, isMarkdown: false },
];

/** The present and the generated text of a file. */
export async function regenerate(
  root: string,
  { path, generate, isMarkdown }: GeneratedFile,
): Promise<{ present: string; generated: string }> {
  const file = join(root, path);
  const present = await readFile(file, 'utf8');
  const generated = generate(present);
  if (!isMarkdown) return { present, generated };
  const options = await resolveConfig(file);
  return { present, generated: await format(generated, { ...options, parser: 'markdown' }) };
}
