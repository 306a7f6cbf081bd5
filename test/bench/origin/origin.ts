import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { videoFile, type VideoFile } from './video-file.js';

/**
 * The archive of the benchmark: a separate process that writes prebuilt bytes to plain sockets, because its processor
 * time is missing on both sides of every ratio. `OriginProcess` starts it with its hosts as arguments; it ends with its
 * parent.
 */
const FILLING = Buffer.alloc(256 * 1024, 'reelport');
const END_OF_HEAD = '\r\n\r\n';
const NOT_FOUND = Buffer.from('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');

const hosts = process.argv.slice(2);

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  let received = '';
  let answered: Promise<void> = Promise.resolve();
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    for (let end = received.indexOf(END_OF_HEAD); end >= 0; end = received.indexOf(END_OF_HEAD)) {
      const path = received.slice(received.indexOf(' ') + 1, received.indexOf(' HTTP/'));
      received = received.slice(end + END_OF_HEAD.length);
      answered = answered.then(() => answer(socket, path));
    }
  });
  // A client that disconnects is no error here; it counts the bytes that it received.
  socket.on('error', () => socket.destroy());
}

async function answer(socket: Socket, path: string): Promise<void> {
  const file = videoFile(path);
  if (file === undefined) {
    socket.write(NOT_FOUND);
    return;
  }
  if (file.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, file.delayMs));
  if (!socket.destroyed) await send(socket, path, file);
}

async function send(socket: Socket, path: string, { size, head, filling, tail }: VideoFile): Promise<void> {
  socket.cork();
  socket.write(
    `HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\ncontent-length: ${size}\r\netag: "${path}"\r\n\r\n`,
    'latin1',
  );
  for (const part of head) socket.write(part);
  socket.uncork();
  for (let left = filling; left > 0; left -= FILLING.length) {
    const room = socket.write(left < FILLING.length ? FILLING.subarray(0, left) : FILLING);
    if (!room) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    if (socket.destroyed) return;
  }
  socket.write(tail);
}

const [first, ...others] = hosts.map(() => createServer(serve));
if (first === undefined) throw new Error('The origin needs a host to listen on');
await once(first.listen(0, hosts[0]), 'listening');
const address = first.address();
const port = typeof address === 'object' ? address?.port : undefined;
await Promise.all(others.map((server, index) => once(server.listen(port, hosts[index + 1]), 'listening')));
process.once('disconnect', () => process.exit(0));
process.send?.({ port });
