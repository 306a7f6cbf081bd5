// Replaces a probing process in tests: the "path" of a file selects the misbehaviour.
import { readSync, writeSync } from 'node:fs';

const CHANNEL = 3;
const HEADER_BYTES = 16;
const settings = JSON.parse(process.argv[2]);
const say = (message) => writeSync(CHANNEL, `${JSON.stringify(message)}\n`);
const probe = { container: 'mp4', videoCodec: 'h264', audioCodec: null, width: 1, height: 1 };
// The test reads the process id as the duration.
const answer = { probe: { ...probe, duration: process.pid } };

const misbehaviours = {
  hang: () => {
    for (;;);
  },
  sleep: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  hoard: () => {
    for (const hoard = []; ;) hoard.push({ at: hoard.length });
  },
  'hoard bytes': () => {
    for (const hoard = []; ;) hoard.push(Buffer.alloc(2 ** 20, 1));
  },
  throw: () => {
    throw new Error('misbehaving');
  },
  exit: () => process.exit(3),
  abort: () => process.abort(),
  'be killed': () => process.kill(process.pid, 'SIGKILL'),
  babble: () => {
    for (;;) writeSync(CHANNEL, 'no line ends here ');
  },
  'answer NUL': () => say({ refused: { kind: 'not-a-video', reason: 'a\0b' } }),
  'answer no size': () => say({ probe: { ...probe, width: 1e12 } }),
  'answer no container': () => say({ probe: { ...probe, container: 'constructor' } }),
  'answer nothing': () => say(null),
  lie: () =>
    say({
      probe: { ...probe, mimeType: 'text/html', extension: '../x', videoCodec: 'a\0b', duration: 1e297 },
    }),
  'be no JSON': () => writeSync(CHANNEL, 'neither here nor there\n'),
};

say({ ready: true });
const buffer = Buffer.alloc(HEADER_BYTES + 65_536);
for (let files = 1; ; files++) {
  const length = readSync(CHANNEL, buffer);
  if (length === 0) process.exit();
  misbehaviours[buffer.toString('utf8', HEADER_BYTES, length)]?.();
  say(files >= settings.maxFiles ? { ...answer, retire: true } : answer);
}
