import { barX } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { renderSvg } from './render-svg.js';

const panel = { marks: [barX([3, 5])] };

describe('renderSvg', () => {
  it('renders a standalone file with title and description', () => {
    const svg = renderSvg({ name: 'a', title: 'Less < more', description: 'Three & five', panels: [panel] });
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('Less &lt; more');
    expect(svg).toContain('Three &amp; five');
    const root = parseHTML(svg).document.querySelector('svg');
    expect(root?.getAttribute('role')).toBe('img');
    const labels = root?.getAttribute('aria-labelledby')?.split(' ') ?? [];
    expect(labels.map((id: string) => root?.querySelector(`#${id}`)?.tagName.toLowerCase())).toEqual([
      'title',
      'desc',
    ]);
  });

  it('supports dark mode', () => {
    const svg = renderSvg({ name: 'a', title: 'a', description: 'b', panels: [panel] });
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it('places panels side by side', () => {
    const svg = renderSvg({ name: 'a', title: 'a', description: 'b', panels: [panel, panel] });
    const [first, second] = [...parseHTML(svg).document.querySelectorAll('svg svg')];
    expect(Number(second?.getAttribute('x'))).toBeGreaterThan(Number(first?.getAttribute('width')));
  });

  it('renders the same drawing identically, so that git shows real changes only', () => {
    const drawing = { name: 'a', title: 'a', description: 'b', panels: [panel] };
    expect(renderSvg(drawing)).toBe(renderSvg(drawing));
  });
});
