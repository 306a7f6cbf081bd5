import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocks, isOutput, type CodeBlock } from './document-blocks.js';

/** A spec that runs or checks blocks of documents. */
interface Claim {
  /** Path of the spec, which gets its blocks from `blocksOf()`. */
  readonly owner: string;
  readonly documents: readonly string[];
  readonly language: string;
  /** Only blocks that begin so; claims with it come before those without. */
  readonly begin?: string;
  /** Whether it compares the output that follows a block. */
  readonly withOutput?: true;
}

const guides = (...names: readonly string[]): string[] => names.map((name) => `docs/${name}.md`);
const libs = (...names: readonly string[]): string[] => names.map((name) => `libs/${name}/README.md`);

/** Builds or tests the files of which `npm run docs` writes copies; CI builds and runs the files themselves. */
export const GENERATED_OWNER = 'test/contract/generated-docs.spec.ts';

/** Who runs which blocks. The first match counts. */
export const CLAIMS: readonly Claim[] = [
  {
    owner: 'test/e2e/documents.spec.ts',
    documents: guides('first-import', 'plan-and-apply', 'watching', 'webhooks', 'completeness', 'migration'),
    language: 'sh',
    withOutput: true,
  },
  ...['npm ci', 'npm run demo'].map((begin) => ({
    owner: 'test/contract/document-commands.spec.ts',
    documents: ['README.md'],
    language: 'sh',
    begin,
  })),
  {
    owner: 'test/e2e/readme.spec.ts',
    documents: ['README.md', 'libs/client/README.md', 'docs/api.md'],
    language: 'sh',
    withOutput: true,
  },
  {
    owner: 'test/contract/document-commands.spec.ts',
    documents: ['docs/performance.md', 'test/bench/README.md'],
    language: 'sh',
  },
  { owner: 'test/contract/document-figures.spec.ts', documents: ['README.md'], language: 'mermaid' },
  {
    owner: 'test/contract/document-figures.spec.ts',
    documents: ['docs/architecture.md', 'libs/console/README.md'],
    language: '',
  },
  { owner: 'test/contract/document-figures.spec.ts', documents: ['test/bench/README.md'], language: 'md' },
  {
    owner: 'test/e2e/document-samples.spec.ts',
    documents: guides('api', 'failures', 'webhooks'),
    language: 'json',
  },
  { owner: 'test/e2e/document-samples.spec.ts', documents: guides('webhooks'), language: 'text' },
  { owner: 'test/e2e/document-samples.spec.ts', documents: guides('operations'), language: 'sql' },
  { owner: 'src/auth/identity-provider.spec.ts', documents: guides('operations'), language: 'json' },
  {
    owner: 'test/contract/document-code.spec.ts',
    documents: [
      ...guides('extending'),
      ...libs('child-pool', 'embedded', 'errors', 'media-probe', 'outbound-http', 'storage'),
      ...libs('system-packages', 'threads'),
      'test/support/README.md',
    ],
    language: 'ts',
  },
  { owner: 'test/extension/documents.spec.ts', documents: guides('extending'), language: 'sh' },
  {
    owner: 'test/extension/packages.spec.ts',
    documents: ['antivirus', 'captions', 'images', 'notify'].map((name) => `examples/${name}/README.md`),
    language: 'sh',
  },
  { owner: 'test/contract/api-report.spec.ts', documents: ['test/contract/api-report.md'], language: 'ts' },
];

/** Folders without documents of ours. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'fixtures', 'bench-results']);

/** Every document of the repository. */
export function documents(folder = ''): string[] {
  return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return [];
    if (entry.isDirectory()) return documents(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

export interface OwnedBlock extends CodeBlock {
  /** Undefined if no spec runs or checks it. */
  readonly owner: string | undefined;
}

/** The blocks of a document with their owners. */
export function ownedBlocks(document: string, content = readFileSync(document, 'utf8')): OwnedBlock[] {
  let before: Claim | undefined;
  return codeBlocks(document, content).map((block) => {
    if (block.source !== undefined) return { ...block, owner: GENERATED_OWNER };
    const isCompared = isOutput(block) && before?.withOutput === true;
    if (!isCompared) before = CLAIMS.find((claim) => isClaimed(block, claim));
    return { ...block, owner: before?.owner };
  });
}

function isClaimed({ document, language, text }: CodeBlock, claim: Claim): boolean {
  return (
    claim.documents.includes(document) &&
    claim.language === language &&
    (claim.begin === undefined || text.startsWith(claim.begin))
  );
}

/**
 * The blocks that a spec has to run or check.
 *
 * @param owner path of the spec
 * @param document all of its documents by default
 */
export function blocksOf(owner: string, document?: string): CodeBlock[] {
  const claimed = new Set(
    CLAIMS.filter((claim) => claim.owner === owner).flatMap((claim) => claim.documents),
  );
  return [...claimed]
    .filter((path) => document === undefined || path === document)
    .flatMap((path) => ownedBlocks(path))
    .filter((block) => block.owner === owner);
}
