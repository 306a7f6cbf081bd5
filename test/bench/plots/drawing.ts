import type { PlotOptions } from '@observablehq/plot';

/** What is to be drawn, and what it says to those who cannot see it. */
export interface Drawing {
  /** Name of the file, without its ending. */
  name: string;
  title: string;
  /** What can be seen, in a sentence. */
  description: string;
  /** Side by side. */
  panels: PlotOptions[];
}
