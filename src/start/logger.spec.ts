import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseEnvironment } from '../config/parse-environment.js';
import { createLogger } from './logger.js';

const HOSTILE = 'a\u001b[2J\u009b2J\r\n[Reelport] 1  - 01/01/2020, 1:00:00 PM     LOG all is well';
const CONTROL = /[^\P{Cc}\n]/u;

/** What a logger without colours writes. */
function written(log: (logger: ReturnType<typeof createLogger>) => void, json = 'false'): string[] {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      lines.push(Buffer.from(chunk).toString());
      return true;
    });
  }
  vi.stubEnv('NO_COLOR', '1');
  log(createLogger(parseEnvironment({ LOG_JSON: json })));
  return lines.join('').split('\n').slice(0, -1);
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('the log', () => {
  it.each(['log', 'warn', 'error'] as const)('has one line per message, without controls: %s', (level) => {
    const lines = written((logger) => logger[level](`Title ${HOSTILE} item=1`, 'Extension'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('all is well item=1');
    expect(lines[0]).not.toMatch(CONTROL);
  });

  it('indents the lines of a stack, so that none looks like a message', () => {
    const { stack } = new Error(HOSTILE);
    const [message, ...lines] = written((logger) => logger.error('It failed', stack, 'Extension'));
    expect(message).toContain('[Extension] It failed');
    expect(lines.length).toBeGreaterThan(3);
    expect(lines[0]).toMatch(/^ {4}Error: a/);
    for (const line of lines) expect(line).toMatch(/^ {4}\S/);
    for (const line of lines) expect(line).not.toMatch(CONTROL);
  });

  it('keeps messages of machines as they are', () => {
    const lines = written((logger) => logger.log(HOSTILE, 'Extension'), 'true');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ message: HOSTILE }]);
  });
});
