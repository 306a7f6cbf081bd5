import ts from 'typescript';

/**
 * A compiler host that shows a folder under another, plain path. The Swagger plugin writes imports from the paths that
 * the compiler prints, and gets those wrong that need escapes: quotes, percent signs, letters beyond ASCII
 * (nestjs/swagger#689, nestjs/swagger#3695).
 */
export function hostAt(root, seenAs) {
  const real = (path) => (isWithin(path, seenAs) ? root + path.slice(seenAs.length) : path);
  const seen = (path) => (isWithin(path, root) ? seenAs + path.slice(root.length) : path);
  const options = {};
  const original = ts.createCompilerHost(options);
  const files = {
    fileExists: (path) => ts.sys.fileExists(real(path)),
    readFile: (path, encoding) => ts.sys.readFile(real(path), encoding),
    directoryExists: (path) => ts.sys.directoryExists(real(path)),
    getDirectories: (path) => ts.sys.getDirectories(real(path)),
    realpath: (path) => seen(ts.sys.realpath(real(path))),
    getCurrentDirectory: () => seenAs,
  };
  const host = Object.assign(original, files, {
    getDefaultLibLocation: () => seen(ts.sys.getExecutingFilePath().replace(/\/[^/]*$/, '')),
    getDefaultLibFileName: (given) => `${host.getDefaultLibLocation()}/${ts.getDefaultLibFileName(given)}`,
  });
  const parse = (config, overrides) =>
    ts.getParsedCommandLineOfConfigFile(config, overrides, {
      ...files,
      useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
      readDirectory: (path, ...rest) => ts.sys.readDirectory(real(path), ...rest).map(seen),
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.formatDiagnostic(diagnostic, host));
      },
    });
  return { host, parse };
}

function isWithin(path, folder) {
  return path === folder || path.startsWith(`${folder}/`);
}
