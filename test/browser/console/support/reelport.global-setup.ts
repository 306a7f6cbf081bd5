import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A running Reelport from `dist`, with its services, shared by all specs of the console. */
    reelport: { url: string; databaseUrl: string };
  }
}

type Testing = typeof import('../../../../src/testing/index.js');

/** Starts one Reelport for all spec files: their projects see nothing of each other. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { startReelport }: Testing = await import(pathToFileURL(resolve('dist/src/testing/index.js')).href);
  const running = await startReelport({
    extensions: [],
    environment: { WEBHOOK_RESPONSE_BYTES: '8 KiB' },
  });
  const { url, databaseUrl } = running;
  project.provide('reelport', { url, databaseUrl });
  return () => running.close();
}
