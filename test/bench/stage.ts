import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServices, type Services } from '#libs/embedded';
import type { Cleanup } from '../demo/cleanup.js';
import { FloorProcess } from './support/floor-process.js';
import { OriginProcess } from './support/origin-process.js';

/** Shared by all figures. */
export interface Stage {
  folder: string;
  services: Services;
  origin: OriginProcess;
  floor: FloorProcess;
}

/** Starts PostgreSQL (with production durability), Redis, the origin and the baseline. */
export async function setStage(cleanup: Cleanup): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'reelport-bench-'));
  await cleanup.add(() => rm(folder, { recursive: true, force: true }));
  // If root runs the benchmark, PostgreSQL runs as another user, which has to be able to enter its data folder.
  await chmod(folder, 0o711);
  const services = await startServices({
    dataDir: join(folder, 'services'),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  await cleanup.add(() => services.stop());
  const origin = await OriginProcess.start();
  await cleanup.add(() => origin.stop());
  const floor = FloorProcess.start(folder);
  await cleanup.add(() => floor.stop());
  return { folder, services, origin, floor };
}
