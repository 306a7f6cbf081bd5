import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../bench/command-line.js';
import { blocksOf } from '../support/document-owners.js';

const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Commands that would run for minutes or hours are read by the program that they start, and not run. */
const commands = blocksOf('test/contract/document-commands.spec.ts').flatMap(({ document, line, text }) =>
  text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((command, at) => ({
      place: `${document}:${line + at}`,
      command: command.replace(/\s*#.*/, '').trim(),
    }))
    .filter(({ command }) => command !== ''),
);

describe.each(commands)('$place $command', ({ command }) => {
  const [npm, verb, ...rest] = command.split(/\s+/);

  it('is a command of npm', () => {
    expect(npm).toBe('npm');
    expect(['ci', 'start', 'test', 'run']).toContain(verb);
    expect(['ci', ...Object.keys(scripts)]).toContain(verb === 'run' ? rest[0] : verb);
  });

  it('has arguments that its program takes', () => {
    const at = rest.indexOf('--');
    expect(at < 0 ? 'bench' : rest[0]).toBe('bench');
    const given = at < 0 ? [] : rest.slice(at + 1);
    const { from, plots, report, json, figures } = readCommandLine(['node', 'bench', ...given]);
    expect(figures.length).toBeGreaterThan(0);
    // What it reads must have been written by the commands before; folders and documents exist.
    const written = commands.map((one) => /--json (\S+)/.exec(one.command)?.[1]);
    expect(from.filter((file) => !written.includes(file))).toEqual([]);
    expect([...report, plots ?? '.', dirname(json ?? '.')].filter((path) => !isFolderOrFile(path))).toEqual(
      [],
    );
  });
});

/** The benchmark creates the folder of its results. */
const isFolderOrFile = (path: string): boolean => path === 'bench-results' || existsSync(path);

it('README.md, docs/performance.md and test/bench/README.md have commands', () => {
  expect(new Set(commands.map(({ place }) => place.split(':')[0])).size).toBe(3);
});
