/** A module to run in a thread, and the flags Node needs for it. */
export interface ThreadEntry {
  entry: URL;
  execArgv: string[];
}

/**
 * The module beside this one that probing threads run. Compiled, that is plain JavaScript. Run from source, under a
 * test runner that translates TypeScript for the main thread alone, the thread brings a loader of its own.
 */
export function threadEntry(): ThreadEntry {
  if (!import.meta.url.endsWith('.ts')) {
    return { entry: new URL('./probe-thread.js', import.meta.url), execArgv: [] };
  }
  const loader = new URL('../source-loader/register.mjs', import.meta.url);
  return { entry: new URL('./probe-thread.ts', import.meta.url), execArgv: ['--import', loader.href] };
}
