import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { parseEnvironment } from '../../../config/parse-environment.js';
import type { ItemWorker } from '../../import-kind.js';
import { ItemWorkers } from '../../item-workers.js';
import { OriginHosts } from '../../hosts/origin-hosts.js';
import { OriginHostsRepository } from '../../hosts/origin-hosts.repository.js';
import { KnownLanes } from '../known-lanes.js';
import { LaneWalk } from '../lane-walk.js';
import { LaneWalkRepository } from '../lane-walk.repository.js';

/** A database and the classes that read lanes from it. */
export interface LanesScope {
  database: TestDatabase;
  /** @param kinds kinds with a worker; default: `things` */
  newWalk(kinds?: readonly string[]): LaneWalk;
  newKnownLanes(): KnownLanes;
  hosts: OriginHosts;
}

const neverCalled = (): never => {
  throw new Error('The walk runs no items');
};
const NEVER_CALLED: ItemWorker = {
  processMs: 0,
  process: neverCalled,
  heardHost: neverCalled,
  record: neverCalled,
  settle: neverCalled,
};

export async function openLanesScope(): Promise<LanesScope> {
  const database = await createDatabase();
  const { dataSource } = database;
  const environment = { ...parseEnvironment(), HOST_PATIENCE_MS: 3_600_000 };
  const hosts = new OriginHosts(new OriginHostsRepository(), dataSource, environment);
  const newWalk = (kinds: readonly string[] = ['things']): LaneWalk => {
    const workers = new ItemWorkers();
    for (const kind of kinds) workers.add(kind, NEVER_CALLED);
    return new LaneWalk(dataSource, new LaneWalkRepository(), hosts, workers, environment);
  };
  return { database, hosts, newWalk, newKnownLanes: () => new KnownLanes(newWalk()) };
}
