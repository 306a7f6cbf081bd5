import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServices, type Services } from '#libs/embedded';
import type { Takedown } from '../demo/takedown.js';
import { FloorProcess } from './support/floor-process.js';
import { OriginProcess } from './support/origin-process.js';

/** What all figures share. */
export interface Stage {
  folder: string;
  services: Services;
  origin: OriginProcess;
  floor: FloorProcess;
}

/** Starts PostgreSQL (which waits for the disk, as in production), Redis, the origin and the floor. */
export async function setStage(takedown: Takedown): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'reelport-bench-'));
  await takedown.add(() => rm(folder, { recursive: true, force: true }));
  // Where the benchmark is run by root, PostgreSQL runs as somebody else, who has to get through to its data.
  await chmod(folder, 0o711);
  const services = await startServices({
    dataDir: join(folder, 'services'),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  await takedown.add(() => services.stop());
  const origin = await OriginProcess.start();
  await takedown.add(() => origin.stop());
  const floor = FloorProcess.start(folder);
  await takedown.add(() => floor.stop());
  return { folder, services, origin, floor };
}
