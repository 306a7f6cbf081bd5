import { readFile } from 'node:fs/promises';
import { CONTAINERS, NotAVideoError, type Prober, type VideoProbe } from '#libs/media-probe';
import { differences } from '../compare.js';
import { askFfprobe, type Oracle } from '../ffprobe.js';
import { exceptionFor } from './exceptions.js';
import { FRAGMENTED } from './muxers.js';
import type { Variant } from './variant.js';

export interface Answers {
  /** Null if the file is no video. */
  ours: VideoProbe | null;
  oracle: Oracle | null;
}

const STREAMS: ReadonlySet<string> = new Set('ts mpeg vob svcd dvd dv'.split(' '));
/** Formats whose last chunk reveals a cut, even in a piped file. */
const CHAINS: ReadonlySet<string> = new Set('flv ogv gxf'.split(' '));
/** Two offsets, of which at most one is a chunk boundary. */
const CUTS = [0, 7];

export async function ask(prober: Prober, path: string): Promise<Answers> {
  return { ours: await orNull(prober.probe(path)), oracle: await askFfprobe(path) };
}

/** @returns the faults of our answer, one line each */
export function faultsOf({ ours, oracle }: Answers, variant: Variant): string[] {
  const faults = differences(ours, oracle)
    .filter((what) => !exceptionFor(what, variant).some(({ holds }) => holds(ours, oracle, variant)))
    .map((what) => `${what}: ${JSON.stringify(ours)}, but ffprobe says ${JSON.stringify(oracle)}`);
  if (ours && oracle && !isListed(ours, oracle))
    faults.push(`${oracle.codec} in ${ours.container} is not listed`);
  return faults;
}

/** Whether the table of containers lists the codec of ffprobe. */
function isListed({ container }: VideoProbe, { codec }: Oracle): boolean {
  return CONTAINERS[container].videoCodecs.includes(codec);
}

/** Whether the first half of a file with a known length is refused as truncated. */
export async function isCutDetected(prober: Prober, path: string, variant: Variant): Promise<boolean> {
  if (!declaresLength(variant)) return true;
  const bytes = await readFile(path);
  const kinds = await Promise.all(
    CUTS.map((fewer) => kindOf(prober.probe(bytes.subarray(0, Math.floor(bytes.length / 2) - fewer)))),
  );
  return kinds.includes('truncated');
}

function declaresLength({ muxer, layout, isPiped }: Variant): boolean {
  if (STREAMS.has(muxer) || FRAGMENTED.has(layout) || layout === 'live') return false;
  return !isPiped || CHAINS.has(muxer);
}

async function kindOf(probing: Promise<VideoProbe>): Promise<string> {
  try {
    await probing;
    return 'video';
  } catch (error) {
    if (error instanceof NotAVideoError) return error.kind;
    throw error;
  }
}

async function orNull(probing: Promise<VideoProbe>): Promise<VideoProbe | null> {
  try {
    return await probing;
  } catch (error) {
    if (error instanceof NotAVideoError) return null;
    throw error;
  }
}
