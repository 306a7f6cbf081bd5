import { startOrigin, type Answer, type Origin } from '../../support/origin.js';
import { startReceiver, type Receiver } from '../../support/receiver.js';
import { sha256Of, videoNamed } from './archive.js';
import { audit } from './audit.js';
import { ChaosInstallation, type Between } from './chaos-installation.js';

/** An installation, an archive to import from, and a partner's webhook receiver. */
export interface Scene {
  installation: ChaosInstallation;
  /** Serves `fileAt` at every path without a script. */
  origin: Origin;
  receiver: Receiver;
  /** Scripts the answers at a path; the last one is the final file. */
  script(path: string, faults: readonly Answer[], final: Answer & { body: Buffer }): void;
  /** @returns every fault that the audit finds */
  audit(): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * @param fileAt the file at a path of the origin
 * @param between places something in front of the services
 * @param app a program that calls `createReelport()`, instead of those of Reelport itself
 */
export async function openScene(
  environment: Record<string, string> = {},
  fileAt: (path: string) => Buffer = (path) => videoNamed(path),
  between?: Between,
  app?: string,
): Promise<Scene> {
  const [installation, origin, receiver] = await Promise.all([
    ChaosInstallation.open(environment, between, app),
    startOrigin(),
    startReceiver(),
  ]);
  origin.serve('/*', fileAt);
  const scripted = new Map<string, string>();
  return {
    installation,
    origin,
    receiver,
    script: (path, faults, final) => {
      origin.script(path, [...faults, final]);
      scripted.set(origin.url(path), sha256Of(final.body));
    },
    audit: () =>
      audit(installation, {
        expectedSha256: (url) => scripted.get(url) ?? sha256Of(fileAt(new URL(url).pathname)),
      }),
    close: async () => {
      await installation.close();
      await Promise.all([origin.close(), receiver.close()]);
    },
  };
}

/** URLs of this many files below a folder of the origin. */
export function urlsBelow(origin: Origin, folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => origin.url(`${folder}/${n}.mp4`));
}
