import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Program } from '../../support/reelport.js';
import { argumentsOf } from '../../support/programs.js';

/**
 * Starts a program that cannot work, and stops it after its error message.
 *
 * @param sign part of the error message
 * @returns everything that it printed
 * @throws Error if it ends without this message
 */
export async function failingStart(
  program: Program,
  environment: Record<string, string>,
  sign: string,
): Promise<string> {
  const child = spawn(process.execPath, argumentsOf(program), {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'verbose', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
      if (output.includes(sign)) child.kill('SIGTERM');
    });
  }
  await once(child, 'close');
  if (!output.includes(sign)) throw new Error(`Expected "${sign}", but it printed:\n${output}`);
  return output;
}
