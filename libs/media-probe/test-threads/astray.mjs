// Stands in for the probing thread in tests: the "path" says how it is to go astray.
import { parentPort, threadId } from 'node:worker_threads';

parentPort.on('message', (path) => {
  if (path === 'hang') for (;;);
  if (path === 'throw') throw new Error('astray');
  if (path === 'exit') process.exit(3);
  if (path === 'hoard') for (const hoard = []; ;) hoard.push({ at: hoard.length });
  // The thread tells itself apart by what the test reads as the width.
  parentPort.postMessage({ probe: { width: threadId } });
});
