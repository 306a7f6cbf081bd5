import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import ts from 'typescript';

/** Where each entry of `exports` has its declarations, which `npm run build` writes. */
const { exports: ENTRIES }: { exports: Record<string, string | { types: string }> } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);

const HEAD = `# Public types

Everything that a package can import from \`reelport\`: the promise of semantic versioning. Written by
\`npm run -s api-report\`; a change here is a change for every in-house team.
`;

/** The public types of the package, as its declarations in \`dist\` have them, without comments. */
export function apiReport(): string {
  const entries = Object.entries(ENTRIES).flatMap(([name, target]): Array<[string, string]> =>
    typeof target === 'string' ? [] : [[name.replace(/^[.]/, 'reelport'), target.types]],
  );
  const program = ts.createProgram({
    rootNames: entries.map(([, file]) => file),
    options: {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      noEmit: true,
    },
  });
  const told = new Set<ts.Symbol>();
  return [HEAD, ...entries.map(([name, file]) => section(program, name, file, told))].join('\n');
}

/** @param told types of earlier sections, to which those of this one are added */
function section(program: ts.Program, name: string, file: string, told: Set<ts.Symbol>): string {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} is missing: run npm run build`);
  const checker = program.getTypeChecker();
  const entry = checker.getSymbolAtLocation(source);
  if (entry === undefined) throw new Error(`${file} exports nothing`);
  const exported = checker.getExportsOfModule(entry).map((symbol) => resolved(checker, symbol));
  const hidden = referencedBy(checker, exported).filter((symbol) => !told.has(symbol));
  for (const symbol of [...exported, ...hidden]) told.add(symbol);
  return [
    `## ${name}\n`,
    block(exported),
    ...(hidden.length === 0
      ? []
      : ['Types of these that have no name outside of the package:\n', block(hidden)]),
  ].join('\n');
}

/** Types of this package that declarations mention, directly or indirectly, without being exported. */
function referencedBy(checker: ts.TypeChecker, exported: readonly ts.Symbol[]): ts.Symbol[] {
  const found = new Set(exported);
  for (const symbol of found) {
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && isReference(node)) {
        const named = checker.getSymbolAtLocation(node);
        const target = named && resolved(checker, named);
        if (target !== undefined && isOwn(target)) found.add(target);
      }
      ts.forEachChild(node, visit);
    };
    for (const declaration of symbol.declarations ?? []) visit(declaration);
  }
  return [...found].filter((symbol) => !exported.includes(symbol));
}

function isReference({ parent }: ts.Node): boolean {
  return (
    ts.isTypeReferenceNode(parent) ||
    ts.isExpressionWithTypeArguments(parent) ||
    ts.isTypeQueryNode(parent) ||
    ts.isImportTypeNode(parent)
  );
}

/** Whether a type is declared by this package, at the top level of a file. */
function isOwn({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((declaration) => {
    const path = relative(process.cwd(), declaration.getSourceFile().fileName);
    return path.startsWith('dist/') && !ts.isTypeParameterDeclaration(declaration);
  });
}

function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

function block(symbols: readonly ts.Symbol[]): string {
  const texts = symbols
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(({ declarations = [] }) => declarations.map(print));
  return `\`\`\`ts\n${texts.join('\n')}\n\`\`\`\n`;
}

const printer = ts.createPrinter({ removeComments: true });

function print(declaration: ts.Declaration): string {
  // `const` and `let` stand one level above the declaration of the name.
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return printer.printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile());
}
