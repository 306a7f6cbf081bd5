import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { CHANNEL } from './channel.js';

export interface SpawnedChild {
  child: ChildProcess;
  channel: Socket;
}

/**
 * Starts a program with a channel, in a session that Ctrl-C does not reach, and without the environment of this
 * process, which contains secrets.
 *
 * @param environment all variables of the program
 * @param onError called if the start fails later
 * @throws the system's error if the start fails immediately
 */
export function spawnChild(
  { command, args }: { command: string; args: readonly string[] },
  environment: Readonly<Record<string, string>>,
  onError: (error: Error) => void,
): SpawnedChild {
  const child = spawn(command, args, {
    detached: true,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  child.once('error', onError);
  // Without free descriptors, the pipes are missing.
  const streams: ReadonlyArray<unknown> | undefined = child.stdio;
  const [errors, channel] = [streams?.[2], streams?.[CHANNEL]];
  if (!isPipe(errors) || !isPipe(channel)) throw new Error('The system has no free file descriptors');
  for (const handle of [child, errors, channel]) handle.unref();
  return { child, channel };
}

/** Pipes of a child are sockets in Node, whatever they are in the system. */
function isPipe(stream: unknown): stream is Socket {
  return typeof stream === 'object' && stream !== null && 'unref' in stream;
}
