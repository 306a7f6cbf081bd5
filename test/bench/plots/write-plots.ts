import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../support/figure.js';
import { breakdownDrawing } from './breakdown.plot.js';
import type { Drawing } from './drawing.js';
import { growthDrawings } from './growth.plot.js';
import { memoryDrawings } from './memory.plot.js';
import { renderSvg } from './render-svg.js';

/** All drawings that these rows allow. */
export function drawingsOf(rows: readonly Row[]): Drawing[] {
  return [...breakdownDrawing(rows), ...growthDrawings(rows), ...memoryDrawings(rows)];
}

/** @returns the written files */
export function writePlots(rows: readonly Row[], folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return drawingsOf(rows).map((drawing) => {
    const file = join(folder, `${drawing.name}.svg`);
    writeFileSync(file, renderSvg(drawing));
    return file;
  });
}
