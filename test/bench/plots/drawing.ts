import type { PlotOptions } from '@observablehq/plot';

/** A drawing with its alternative text. */
export interface Drawing {
  /** File name without extension. */
  name: string;
  title: string;
  /** The content in one sentence. */
  description: string;
  /** Side by side. */
  panels: PlotOptions[];
}
