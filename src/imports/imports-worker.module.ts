import { Module } from '@nestjs/common';
import { DispatchRepository } from './dispatch/dispatch.repository.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { KnownLanes } from './dispatch/known-lanes.js';
import { LaneWalk } from './dispatch/lane-walk.js';
import { LaneWalkRepository } from './dispatch/lane-walk.repository.js';
import { ExpiredEvents } from './events/expired-events.js';
import { OriginHosts } from './hosts/origin-hosts.js';
import { OriginHostsRepository } from './hosts/origin-hosts.repository.js';
import { ImportTurnsRepository } from './import-turns.repository.js';
import { ImportsCoreModule } from './imports-core.module.js';
import { ItemWorkers } from './item-workers.js';
import { ExpiredPlans } from './plan/expired-plans.js';
import { Downloads } from './plain/downloads.js';
import { PlainWorkers } from './plain/plain-workers.js';
import { Reconciler } from './recover/reconciler.js';
import { AttemptsRepository } from './record/attempts.repository.js';
import { Recorder } from './record/recorder.js';
import { Claims } from './run/claims.js';
import { ExtensionCalls } from './run/extension-calls.js';
import { JobConsumer } from './run/job-consumer.js';
import { DiskWatch } from './run/disk-watch.js';
import { Heartbeat } from './run/heartbeat.js';
import { InFlightItems } from './run/in-flight-items.js';
import { ItemRunner } from './run/item-runner.js';
import { Outages } from './run/outages.js';
import { Upkeep } from './run/upkeep.js';

/** The worker engine: dispatches, claims, runs, records and recovers items. */
@Module({
  imports: [ImportsCoreModule],
  providers: [
    Dispatcher,
    DispatchRepository,
    KnownLanes,
    LaneWalk,
    LaneWalkRepository,
    OriginHosts,
    OriginHostsRepository,
    ItemWorkers,
    Downloads,
    PlainWorkers,
    ItemRunner,
    ExtensionCalls,
    InFlightItems,
    Outages,
    Claims,
    Recorder,
    AttemptsRepository,
    Reconciler,
    JobConsumer,
    DiskWatch,
    Heartbeat,
    ExpiredEvents,
    ExpiredPlans,
    ImportTurnsRepository,
    Upkeep,
  ],
  exports: [ItemWorkers, Outages, ExtensionCalls],
})
export class ImportsWorkerModule {}
