import type { Takedown } from '../../demo/takedown.js';
import type { FloorProcess } from './floor-process.js';
import { Installation, type InstallationOptions, type Site } from './installation.js';
import type { OriginProcess } from './origin-process.js';

/** How much is measured. */
export interface Effort {
  /** Rounds of which the median counts, after one that does not. */
  rounds: number;
  /** Whether there is a minute or an evening. */
  quick: boolean;
  /** What a test of endurance imports … */
  videos: number;
  /** … and the time that it is spread over; 0: as fast as it goes. */
  minutes: number;
}

/** What a figure measures with. */
export class Bench {
  private names = 0;

  constructor(
    readonly origin: OriginProcess,
    readonly floor: FloorProcess,
    readonly effort: Effort,
    private readonly site: Site,
    private readonly takedown: Takedown,
  ) {}

  get quick(): boolean {
    return this.effort.quick;
  }

  /** The amount of the short form, or of the whole one. */
  amount(quick: number, whole: number): number {
    return this.quick ? quick : whole;
  }

  /** A name for files that no other round has. */
  name(): string {
    this.names += 1;
    return `round-${this.names}`;
  }

  /** A Reelport that is gone when the figure is measured. */
  install(options: InstallationOptions): Promise<Installation> {
    return Installation.start(this.site, options, (installation) =>
      this.takedown.add(() => installation.remove()),
    );
  }

  /**
   * Measures as often as asked for, after rounds that warm everything up.
   *
   * @param warmUps how many of these
   */
  async repeat<T>(
    round: (place: number) => Promise<T>,
    warmUp: () => Promise<unknown>,
    warmUps = 1,
  ): Promise<T[]> {
    for (let place = 0; place < warmUps; place++) await warmUp();
    const results: T[] = [];
    for (let place = 0; place < this.effort.rounds; place++) results.push(await round(place));
    return results;
  }
}
