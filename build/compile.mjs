import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { before } from '@nestjs/swagger/plugin';
import { hostAt } from './plain-path-host.mjs';

/** The folder as the compiler sees it. */
const SEEN_AS = '/reelport';
const CONFIG = 'tsconfig.build.json';

/**
 * Compiles everything that `tsconfig.build.json` names, with the Swagger plugin of nest-cli.json.
 *
 * @returns the contents of all files by their path below `dist`, or else what is wrong with the sources
 */
export function compile(root) {
  const { host, parse } = hostAt(root, SEEN_AS);
  const { options, fileNames, errors } = parse(`${SEEN_AS}/${CONFIG}`, {
    incremental: false,
    tsBuildInfoFile: undefined,
  });
  const program = ts.createProgram({
    rootNames: fileNames,
    options,
    host,
    configFileParsingDiagnostics: errors,
  });
  const files = new Map();
  const { diagnostics } = program.emit(
    undefined,
    (path, content) => {
      const name = path.slice(`${SEEN_AS}/dist/`.length);
      if (isPublished(name)) files.set(name, content);
    },
    undefined,
    false,
    { before: [before(swaggerOptions(root), program)] },
  );
  const found = ts.sortAndDeduplicateDiagnostics([...ts.getPreEmitDiagnostics(program), ...diagnostics]);
  return { files, errors: ts.formatDiagnosticsWithColorAndContext(found, host) };
}

/** Declarations are for packages that depend on this one, and are not published for tests. */
function isPublished(name) {
  return !/\.d\.c?ts$/.test(name) || /^(?:src|libs)\//.test(name);
}

function swaggerOptions(root) {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8'));
  return compilerOptions.plugins.find(({ name }) => name === '@nestjs/swagger').options;
}
