import { createDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { parseEnvironment } from '../../../config/parse-environment.js';
import { OriginHosts } from '../../hosts/origin-hosts.js';
import { OriginHostsRepository } from '../../hosts/origin-hosts.repository.js';
import { KnownLanes } from '../known-lanes.js';
import { LaneWalk } from '../lane-walk.js';
import { LaneWalkRepository } from '../lane-walk.repository.js';

/** A database and the classes that read lanes from it. */
export interface LanesScope {
  database: TestDatabase;
  newWalk(): LaneWalk;
  newKnownLanes(): KnownLanes;
  hosts: OriginHosts;
}

export async function openLanesScope(): Promise<LanesScope> {
  const database = await createDatabase();
  const { dataSource } = database;
  const environment = { ...parseEnvironment(), HOST_PATIENCE_MS: 3_600_000 };
  const hosts = new OriginHosts(new OriginHostsRepository(), dataSource, environment);
  const newWalk = (): LaneWalk => new LaneWalk(dataSource, new LaneWalkRepository(), hosts, environment);
  return { database, hosts, newWalk, newKnownLanes: () => new KnownLanes(newWalk()) };
}
