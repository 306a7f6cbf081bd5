import { startOrigin, type Origin } from '../../support/origin.js';
import { startReceiver, type Receiver } from '../../support/receiver.js';
import { sha256Of, videoNamed } from './archive.js';
import { audit } from './audit.js';
import { Installation } from './installation.js';

/** An installation, an archive to import from and a partner's webhook endpoint. */
export interface Scene {
  installation: Installation;
  /** Every path that has no script of its own is the video named so. */
  origin: Origin;
  receiver: Receiver;
  /** @param sha256 of addresses whose bytes are not those of `fileAt`; undefined where any video will do */
  audit(sha256?: ReadonlyMap<string, string | undefined>): Promise<void>;
  close(): Promise<void>;
}

/** @param fileAt the file at a path of the origin */
export async function openScene(
  environment: Record<string, string> = {},
  fileAt: (path: string) => Buffer = (path) => videoNamed(path),
): Promise<Scene> {
  const [installation, origin, receiver] = await Promise.all([
    Installation.open(environment),
    startOrigin(),
    startReceiver(),
  ]);
  origin.serve('/*', fileAt);
  return {
    installation,
    origin,
    receiver,
    audit: (sha256 = new Map()) =>
      audit(installation, {
        expectedSha256: (url) =>
          sha256.has(url) ? sha256.get(url) : sha256Of(fileAt(new URL(url).pathname)),
      }),
    close: async () => {
      await installation.close();
      await Promise.all([origin.close(), receiver.close()]);
    },
  };
}

/** So many addresses below a folder of the origin. */
export function urlsBelow(origin: Origin, folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => origin.url(`${folder}/${n}.mp4`));
}
