import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { residentMemory } from '../support/resident-memory.js';
import { startReelport, type Reelport } from '../support/reelport.js';

const FEW = 1_000;
/** `MANIFEST_LINES=10000000` takes some minutes. */
const MANY = Number(process.env['MANIFEST_LINES'] ?? 200_000);
const LINES_PER_CHUNK = 1_000;
const TIMEOUT_MS = 3_600_000;

let reelport: Reelport;
let token: string;

beforeAll(async () => {
  // A small heap, so that retained memory exceeds uncollected garbage.
  reelport = await startReelport({ NODE_OPTIONS: '--max-semi-space-size=4 --max-old-space-size=96' }, [
    'main',
  ]);
  token = await reelport.createToken(await reelport.createProject());
});
afterAll(() => reelport?.remove());

function* manifest(lines: number): Generator<string> {
  yield 'externalId,size\n';
  for (let from = 0; from < lines; from += LINES_PER_CHUNK) {
    const count = Math.min(LINES_PER_CHUNK, lines - from);
    yield Array.from({ length: count }, (_, n) => `video-${from + n},${n}\n`).join('');
  }
}

interface Reading {
  /** Lines of the answer. */
  lines: number;
  summary: unknown;
  /** Maximum resident memory of the process, in bytes. */
  most: number;
}

/** Sends a manifest, all of which is missing. */
async function reconcile(count: number): Promise<Reading> {
  const reading: Reading = { lines: 0, summary: null, most: 0 };
  const look = async (): Promise<void> => {
    reading.most = Math.max(reading.most, await residentMemory(reelport.pid('main')));
  };
  const watched = Readable.from(
    (async function* () {
      let chunks = 0;
      for (const chunk of manifest(count)) {
        if (chunks++ % 20 === 0) await look();
        yield chunk;
      }
    })(),
  );
  const request: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: Readable.toWeb(watched) as ReadableStream,
    duplex: 'half',
  };
  const response = await fetch(`${reelport.url}/api/v1/imports/reconcile?systemName=archive`, request);
  if (response.status !== 200) throw new Error(await response.text());
  let last = '';
  let bytes = 0;
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const parts = chunk.split('\n');
    reading.lines += parts.length - 1;
    last = (parts.length > 1 ? (parts.at(-2) ?? '') : last + chunk) || last;
    bytes += chunk.length;
    if (bytes > 1_000_000) {
      bytes = 0;
      await look();
    }
  }
  reading.summary = JSON.parse(last);
  return reading;
}

it(
  `The reconciliation of ${MANY} lines takes hardly more memory than that of ${FEW}`,
  { timeout: TIMEOUT_MS },
  async () => {
    let most = 0;
    // Repeat until the process has reached its working size.
    for (let time = 0; time < 30; time += 1) most = Math.max(most, (await reconcile(FEW)).most);
    const { summary, lines, most: many } = await reconcile(MANY);
    expect(summary).toMatchObject({ type: 'summary', rows: MANY, missing: MANY, faults: 0 });
    expect(lines).toBeGreaterThan(MANY);
    process.stdout.write(
      `${Math.round(many / 1e6)} MB for ${MANY} lines, ${Math.round(most / 1e6)} MB for ${FEW}\n`,
    );
    expect(many).toBeLessThan(1.5 * most);
  },
);
