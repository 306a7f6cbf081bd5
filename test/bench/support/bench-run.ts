import type { Cleanup } from '../../demo/cleanup.js';
import type { FloorProcess } from './floor-process.js';
import { BenchInstallation, type BenchInstallationOptions, type Site } from './bench-installation.js';
import type { OriginProcess } from './origin-process.js';

/** Extent of a measurement. */
export interface Effort {
  /** Rounds for the median, without the warm-up. */
  rounds: number;
  /** Short form. */
  quick: boolean;
  /** Number of videos of the endurance figure. */
  videos: number;
  /** Duration of the endurance figure; 0: as fast as possible. */
  minutes: number;
}

/** Tools of a figure. */
export class Bench {
  private names = 0;

  constructor(
    readonly origin: OriginProcess,
    readonly floor: FloorProcess,
    readonly effort: Effort,
    private readonly site: Site,
    private readonly cleanup: Cleanup,
  ) {}

  get quick(): boolean {
    return this.effort.quick;
  }

  /** The amount for the current form. */
  amount(quick: number, whole: number): number {
    return this.quick ? quick : whole;
  }

  /** A unique name for the files of a round. */
  name(): string {
    this.names += 1;
    return `round-${this.names}`;
  }

  /** Starts a Reelport that is removed after the figure. */
  install(options: BenchInstallationOptions): Promise<BenchInstallation> {
    return BenchInstallation.start(this.site, options, (installation) =>
      this.cleanup.add(() => installation.remove()),
    );
  }

  /**
   * Measures the requested number of rounds after the warm-up rounds.
   *
   * @param warmUps number of warm-up rounds
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
