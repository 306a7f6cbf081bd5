/** A module to run in a thread or a process, and the flags Node needs for it. */
export interface ThreadEntry {
  entry: URL;
  execArgv: string[];
}

/**
 * A module of a library that its threads run. Compiled, that is plain JavaScript. Run from source, under a test runner
 * that translates TypeScript for the main thread alone, the thread brings a loader of its own.
 *
 * @param module path of the module as an import would have it, `./probe-thread.js`
 * @param importer `import.meta.url` of whoever asks
 */
export function threadEntry(module: string, importer: string): ThreadEntry {
  if (!importer.endsWith('.ts')) return { entry: new URL(module, importer), execArgv: [] };
  const loader = new URL('../source-loader/register.mjs', import.meta.url);
  return { entry: new URL(module.replace(/\.js$/, '.ts'), importer), execArgv: ['--import', loader.href] };
}
