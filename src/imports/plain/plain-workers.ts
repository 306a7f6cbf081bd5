import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Extensions } from '../../extension/extensions.js';
import { ItemWorkers } from '../item-workers.js';
import { ExtensionCalls } from '../run/extension-calls.js';
import { Downloads } from './downloads.js';
import { PlainWorker } from './plain-worker.js';

/** Registers the plain kinds of all extensions in a worker. */
@Injectable()
export class PlainWorkers implements OnModuleInit {
  constructor(
    private readonly extensions: Extensions,
    private readonly workers: ItemWorkers,
    private readonly calls: ExtensionCalls,
    private readonly downloads: Downloads,
  ) {}

  onModuleInit(): void {
    for (const kind of this.extensions.plainKinds)
      this.workers.add(kind.name, new PlainWorker(kind, this.calls, this.downloads));
  }
}
