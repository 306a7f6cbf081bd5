import { spawn } from 'node:child_process';

/** Runs a program to its end and returns what it wrote. @throws Error with its complaint where it fails */
export async function run(file: string, args: readonly string[]): Promise<Buffer> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
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
