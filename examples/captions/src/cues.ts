/** A line of captions, on screen from `startMs` to `endMs`. */
export interface Cue {
  startMs: number;
  endMs: number;
  text: string;
}

/** Says what is wrong with a file, as a clause. */
export class CuesError extends Error {}

const TIME = String.raw`(?:(\d{2,}):)?([0-5]\d):([0-5]\d)[.,](\d{3})`;
/** WebVTT separates milliseconds by a point and may add settings; SRT uses a comma. */
const TIMES = new RegExp(String.raw`^${TIME}[ \t]+-->[ \t]+${TIME}(?:[ \t]|$)`);
const WEBVTT = /^WEBVTT(?:[ \t\n]|$)/;
const NO_CUE = /^(?:NOTE|STYLE|REGION)(?:[ \t\n]|$)/;

/**
 * Reads the cues of a WebVTT or SRT file.
 *
 * @throws CuesError
 */
export function parseCues(file: string): [Cue, ...Cue[]] {
  const text = file.replaceAll(/\r\n?/g, '\n').trim();
  const blocks = text.split(/\n(?:[ \t]*\n)+/);
  const isVtt = WEBVTT.test(text);
  const [first, ...others] = (isVtt ? blocks.slice(1).filter((block) => !NO_CUE.test(block)) : blocks).map(
    (block, index) => toCue(block, index + 1),
  );
  if (first === undefined) throw new CuesError('it has no cues');
  return [first, ...others];
}

function toCue(block: string, number: number): Cue {
  const lines = block.split('\n');
  // The times are in the first line, or in the second after an identifier.
  const at = lines.findIndex((line, index) => index < 2 && TIMES.test(line));
  const [, ...parts] = TIMES.exec(lines[at] ?? '') ?? [];
  if (parts.length === 0) throw new CuesError(`cue ${number} has no times`);
  const [startMs, endMs] = [milliseconds(parts.slice(0, 4)), milliseconds(parts.slice(4))];
  if (endMs <= startMs) throw new CuesError(`cue ${number} ends before it begins`);
  return { startMs, endMs, text: lines.slice(at + 1).join('\n') };
}

function milliseconds([hours = '0', minutes, seconds, rest]: Array<string | undefined>): number {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(rest);
}
