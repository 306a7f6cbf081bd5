import { createServer } from 'node:net';

/** A port of 127.0.0.1 that was free a moment ago; whoever takes it must be ready to lose the race for it. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  if (address === null || typeof address === 'string') throw new Error('No port was given');
  return address.port;
}
