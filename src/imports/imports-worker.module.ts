import { Module } from '@nestjs/common';
import { DispatchRepository } from './dispatch/dispatch.repository.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { KnownLanes } from './dispatch/known-lanes.js';
import { LaneWalk } from './dispatch/lane-walk.js';
import { LaneWalkRepository } from './dispatch/lane-walk.repository.js';
import { OriginHosts } from './hosts/origin-hosts.js';
import { OriginHostsRepository } from './hosts/origin-hosts.repository.js';
import { ImportsModule } from './imports.module.js';
import { Claims } from './work/claims.js';
import { ClaimsRepository } from './work/claims.repository.js';
import { Consumers } from './work/consumers.js';
import { DiskWatch } from './work/disk-watch.js';
import { Heartbeat } from './work/heartbeat.js';
import { HousekeepingRepository } from './work/housekeeping.repository.js';
import { ItemRunner } from './work/item-runner.js';
import { LostRepository } from './work/lost.repository.js';
import { Outages } from './work/outages.js';
import { OwnedRepository } from './work/owned.repository.js';
import { Reconciler } from './work/reconciler.js';
import { Recorder } from './work/recorder.js';
import { RedisWatch } from './work/redis-watch.js';
import { Upkeep } from './work/upkeep.js';
import { WorkUnderWay } from './work/work-under-way.js';

/** What becomes of a batch in the worker process: items are dispatched, claimed, run and recorded. */
@Module({
  imports: [ImportsModule],
  providers: [
    Dispatcher,
    DispatchRepository,
    KnownLanes,
    LaneWalk,
    LaneWalkRepository,
    OriginHosts,
    OriginHostsRepository,
    ItemRunner,
    WorkUnderWay,
    Outages,
    Claims,
    ClaimsRepository,
    Recorder,
    OwnedRepository,
    Reconciler,
    LostRepository,
    Consumers,
    DiskWatch,
    RedisWatch,
    Heartbeat,
    HousekeepingRepository,
    Upkeep,
  ],
  exports: [ItemRunner, Outages],
})
export class ImportsWorkerModule {}
