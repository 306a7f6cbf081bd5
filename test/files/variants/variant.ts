import { seeded, type Random } from '../../security/mutants/random.js';
import { VIDEO_CODINGS, type AudioName, type Size, type VideoCoding, type VideoName } from './codecs.js';
import { MUXERS } from './muxers.js';

/** A generated file. It depends only on the seed and its number. */
export interface Variant {
  muxer: string;
  video: VideoName;
  audio: AudioName;
  layout: string;
  size: Size;
  /** Pixel aspect ratio. */
  pixels: string;
  /** Quarter turns in the matrix of the track header. */
  turns: number;
  rate: string;
  seconds: number;
  /** Distance of key frames in frames. */
  keyInterval: number;
  /** Whether the writer cannot seek back to fill in sizes and durations. */
  isPiped: boolean;
}

const RATES = ['10', '25', '30', '30000/1001', '24000/1001'];
const SIDES = [16, 48, 64, 90, 96, 112, 144, 160, 180, 202, 320];
const PIXELS = ['1', '1', '1', '4/3', '16/11', '8/9', '64/45', '10/11', '2/1'];
const SECONDS = [0.4, 0.8, 1, 1.3, 2];
const KEY_INTERVALS = [1, 5, 12, 250];

const EACH_PAIR = Object.entries(MUXERS).flatMap(([muxer, { videos }]) =>
  videos.map((video) => ({ muxer, video })),
);
/** Number of files that contains every pair of muxer and codec. */
export const PAIRS = EACH_PAIR.length;

/** Repeats a pair of muxer and codec only after all pairs were used. */
export function chooseVariants(seed: number, count: number): Variant[] {
  const pairs = shuffled(EACH_PAIR, seeded(seed));
  return Array.from({ length: count }, (_, number) => {
    const { muxer, video } = pairs[number % pairs.length];
    return chooseRest(muxer, video, seeded(seed + 1 + number));
  });
}

/** A file of the same pair that ffmpeg writes wherever it writes the pair at all. */
export function plainVariant({ muxer, video }: Variant): Variant {
  const { audios, layouts } = MUXERS[muxer];
  const { sizes, rates }: VideoCoding = VIDEO_CODINGS[video];
  return {
    muxer,
    video,
    audio: audios[0],
    layout: Object.keys(layouts)[0],
    size: sizes?.[0] ?? { width: 320, height: 180 },
    pixels: '1',
    turns: 0,
    rate: rates?.[0] ?? '25',
    seconds: 1,
    keyInterval: 5,
    isPiped: false,
  };
}

/** Name in reports, such as `mkv h264/aac 320x180 …`. */
export function describeVariant(variant: Variant): string {
  const { muxer, video, audio, layout, size, pixels, turns, rate, seconds, keyInterval, isPiped } = variant;
  const shape = `${size.width}x${size.height} pixels ${pixels} turned ${turns * 90}`;
  const time = `${seconds}s at ${rate}, key frames every ${keyInterval}`;
  return `${muxer} ${video}/${audio} ${layout}${isPiped ? ' piped' : ''} ${shape} ${time}`;
}

function chooseRest(muxer: string, video: VideoName, random: Random): Variant {
  const { audios, layouts, hasMatrix, isPipeable } = MUXERS[muxer];
  const coding: VideoCoding = VIDEO_CODINGS[video];
  const layout = random.of(Object.keys(layouts))!;
  return {
    muxer,
    video,
    audio: random.of(audios)!,
    layout,
    size: random.of(coding.sizes ?? []) ?? chooseSize(random, coding.takesOddSides === true),
    pixels: random.of(PIXELS)!,
    turns: hasMatrix && random.below(3) === 0 ? random.below(4) : 0,
    rate: random.of(coding.rates ?? RATES)!,
    seconds: random.of(SECONDS)!,
    keyInterval: random.of(KEY_INTERVALS)!,
    isPiped: isPipeable === true && !layout.includes('index') && random.below(4) === 0,
  };
}

function chooseSize(random: Random, mayBeOdd: boolean): Size {
  const side = (): number => random.of(SIDES)! - (mayBeOdd && random.below(3) === 0 ? 1 : 0);
  const [one, other] = [side(), side()];
  // The sides differ, so that a rotation is visible.
  return { width: one === other ? one + 32 : one, height: other };
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const left = [...values];
  return values.map(() => left.splice(random.below(left.length), 1)[0]);
}
