import ts from 'typescript';

/** A name that a file imports from a module; `*` is the whole module. */
export interface Taken {
  readonly module: string;
  readonly name: string;
}

export interface Reading {
  /** Runtime imports from packages and Node, without type-only imports. */
  readonly taken: readonly Taken[];
  /** Source text of network access without an import, and of hidden imports. */
  readonly suspicious: readonly string[];
  /** Classes that are instantiated with `new`. */
  readonly made: readonly string[];
}

/** Globals that connect, and ways to reach code or modules by a computed name. */
const SUSPICIOUS_NAMES: ReadonlySet<string> = new Set([
  'fetch',
  'WebSocket',
  'WebSocketStream',
  'EventSource',
  'XMLHttpRequest',
  'sendBeacon',
  'RTCPeerConnection',
  // URL readers of mediabunny.
  'UrlSource',
  'eval',
  'Function',
  'getBuiltinModule',
  'binding',
]);

const isOutside = (module: string): boolean => !/^[.#/]/.test(module);

/** Analyses a source file without running it. */
export function readSource(path: string, text: string): Reading {
  const taken: Taken[] = [];
  const suspicious: string[] = [];
  const made: string[] = [];
  const take = (module: ts.Expression | undefined, names: readonly string[], node: ts.Node): void => {
    if (!module || !ts.isStringLiteralLike(module)) suspicious.push(node.getText());
    else if (isOutside(module.text)) taken.push(...names.map((name) => ({ module: module.text, name })));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) take(node.moduleSpecifier, namesOf(node.importClause), node);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier && !node.isTypeOnly) {
      take(node.moduleSpecifier, ['*'], node);
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      take(node.moduleReference.expression, ['*'], node);
    } else if (ts.isCallExpression(node) && bringsModule(node)) take(node.arguments[0], ['*'], node);
    else if (ts.isNewExpression(node)) made.push(node.expression.getText());
    // A quoted global counts like an unquoted one.
    if ((ts.isIdentifier(node) || ts.isStringLiteralLike(node)) && SUSPICIOUS_NAMES.has(node.text)) {
      if (!isTypePosition(node) && !isOwnMember(node)) suspicious.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true));
  return { taken, suspicious, made };
}

/** Exported names that an import loads at run time. */
function namesOf(clause: ts.ImportClause | undefined): string[] {
  if (!clause) return ['(side effects)'];
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const bindings = clause.namedBindings;
  const named =
    bindings && ts.isNamedImports(bindings)
      ? bindings.elements
          .filter((element) => !element.isTypeOnly)
          .map(({ name, propertyName }) => (propertyName ?? name).text)
      : [];
  return [
    ...(clause.name ? ['*'] : []),
    ...(bindings && ts.isNamespaceImport(bindings) ? ['*'] : []),
    ...named,
  ];
}

/** Matches `import(…)`, `require(…)` and `createRequire(…)(…)`. */
function bringsModule({ expression }: ts.CallExpression): boolean {
  if (expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(expression)) return expression.text === 'require';
  return ts.isCallExpression(expression) && expression.expression.getText() === 'createRequire';
}

/** Our own methods may be called `fetch`. */
function isOwnMember({ parent }: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent)) return parent.expression.kind === ts.SyntaxKind.ThisKeyword;
  return ts.isMethodDeclaration(parent);
}

/** `Function` is harmless as a type. */
function isTypePosition(node: ts.Node): boolean {
  return ts.isTypeReferenceNode(node.parent) || ts.isLiteralTypeNode(node.parent);
}
