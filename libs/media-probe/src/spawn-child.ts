import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { CHANNEL } from './messages.js';

export interface SpawnedChild {
  child: ChildProcess;
  channel: Socket;
}

/**
 * Starts a program with a channel of its own, in a session out of reach of Ctrl-C, and without the environment of this
 * process, which holds secrets.
 *
 * @param onError told where the start fails later
 * @throws the system's error where the start fails at once
 */
export function spawnChild(
  { command, args }: { command: string; args: readonly string[] },
  onError: (error: Error) => void,
): SpawnedChild {
  const child = spawn(command, args, {
    detached: true,
    env: { UV_THREADPOOL_SIZE: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  child.once('error', onError);
  // Where the system has no descriptors left, there are none.
  const streams: ReadonlyArray<unknown> | undefined = child.stdio;
  const [errors, channel] = [streams?.[2], streams?.[CHANNEL]];
  if (!isPipe(errors) || !isPipe(channel)) throw new Error('The system has no descriptors left');
  for (const handle of [child, errors, channel]) handle.unref();
  return { child, channel };
}

/** Pipes of a child are sockets of Node, whatever they are to the system. */
function isPipe(stream: unknown): stream is Socket {
  return typeof stream === 'object' && stream !== null && 'unref' in stream;
}
