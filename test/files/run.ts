import { spawn } from 'node:child_process';

/** Tiny files are made and read in a second; who waits for what never comes is ended. */
const LIMIT_MS = 120_000;

/** Runs a program to its end and returns what it wrote. @throws Error with its complaint where it fails or never ends */
export async function run(file: string, args: readonly string[]): Promise<Buffer> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
  const output: Buffer[] = [];
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4_096);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}: ${complaint.trim()}`);
  return Buffer.concat(output);
}
