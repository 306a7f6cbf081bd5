/** A module to run in a thread or a process, and its flags for Node. */
export interface ThreadEntry {
  entry: URL;
  execArgv: string[];
}

/**
 * Finds the entry module of a library's threads. In compiled code, this is plain JavaScript. From source, the thread
 * gets its own TypeScript loader, because the test runner compiles only the modules of the main thread.
 *
 * @param module path of the module as in an import, such as `./probe-thread.js`
 * @param importer `import.meta.url` of the caller
 * @returns the URL of the module, and the flags for Node
 */
export function threadEntry(module: string, importer: string): ThreadEntry {
  if (!importer.endsWith('.ts')) return { entry: new URL(module, importer), execArgv: [] };
  const loader = new URL('../source-loader/register.mjs', import.meta.url);
  return {
    entry: new URL(module.replace(/\.js$/, '.ts'), importer),
    // Neighbouring libraries are sources as well.
    execArgv: ['--conditions=source', '--import', loader.href],
  };
}
