import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Lifecycle } from './lifecycle.js';
import { PeriodicTasks } from './periodic-tasks.js';
import { StallWatchdog } from './stall-watchdog.js';

/** The lifecycle of the process, its periodic tasks, and the watchdog that ends it if it hangs. */
@Global()
@Module({
  imports: [ScheduleModule.forRoot()],
  providers: [Lifecycle, PeriodicTasks, StallWatchdog],
  exports: [Lifecycle, PeriodicTasks, StallWatchdog],
})
export class ProcessModule {}
