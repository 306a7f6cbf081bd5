import { plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Drawing } from './drawing.js';
import { CLASS, STYLE } from './theme.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 880;
const HEIGHT = 300;
const GAP = 32;

/** Renders without a browser. @returns an SVG file for light and dark pages and for screen readers */
export function renderSvg({ title, description, panels }: Drawing): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const width = (WIDTH - GAP * (panels.length - 1)) / panels.length;
  const drawn = panels.map((panel) =>
    plot({ width, height: HEIGHT, style: { fontSize: '12px' }, ...panel, document }),
  );
  const height = Math.max(...drawn.map((svg) => Number(svg.getAttribute('height'))));
  const root = document.createElementNS(SVG, 'svg');
  const attributes = {
    xmlns: SVG,
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: String(WIDTH),
    height: String(height),
    class: CLASS,
    role: 'img',
    'aria-labelledby': 'title description',
    fill: 'currentColor',
  };
  for (const [name, value] of Object.entries(attributes)) root.setAttribute(name, value);
  root.append(text('title', title, 'title'), text('desc', description, 'description'), text('style', STYLE));
  drawn.forEach((svg, place) => {
    svg.setAttribute('x', String(place * (width + GAP)));
    root.append(svg);
  });
  return `${root.outerHTML}\n`;

  function text(name: string, content: string, id?: string) {
    const element = document.createElementNS(SVG, name);
    if (id !== undefined) element.setAttribute('id', id);
    element.textContent = content;
    return element;
  }
}
