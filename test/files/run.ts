import { spawn } from 'node:child_process';

/** Tiny files take a second; a longer run hangs. */
const LIMIT_MS = 120_000;

/** Runs a program and returns its output. @throws Error with its error output if it fails or times out */
export async function run(file: string, args: readonly string[]): Promise<Buffer> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
  const output: Buffer[] = [];
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4_096);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}: ${errors.trim()}`);
  return Buffer.concat(output);
}
