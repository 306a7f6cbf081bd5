import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Lifecycle } from './lifecycle.js';
import { PeriodicTasks } from './periodic-tasks.js';
import { StallWatchdog } from './stall-watchdog.js';

/** The life of the process: how it drains, what it does by the clock, and what ends it where it hangs. */
@Global()
@Module({
  imports: [ScheduleModule.forRoot()],
  providers: [Lifecycle, PeriodicTasks, StallWatchdog],
  exports: [Lifecycle, PeriodicTasks, StallWatchdog],
})
export class ProcessModule {}
