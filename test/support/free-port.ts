import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems hand out by themselves, to outgoing connections for example. */
const FROM = 10_000;
const TO = 32_000;
const TRIES = 100;

/** A port on loopback that was free a moment ago, and that nothing gets which does not name it. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FROM, TO);
    if (await isFree(port)) return port;
  }
  throw new Error(`None of ${TRIES} ports was free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false; // in use, or not for us: another one will do
  }
  server.close();
  await once(server, 'close');
  return true;
}
