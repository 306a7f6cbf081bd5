/** Milliseconds from the beginning of the video. */
export interface Cue {
  readonly start: number;
  readonly end: number;
}

export interface Captions {
  readonly format: 'vtt' | 'srt';
  readonly cues: readonly Cue[];
}

/** WebVTT separates milliseconds with a dot and may omit the hours; SRT uses a comma. */
const TIMINGS = {
  vtt: /^(?:(\d{2,}):)?(\d{2}):(\d{2})\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?(\d{2}):(\d{2})\.(\d{3})(?:[ \t].*)?$/,
  srt: /^(\d{2}):(\d{2}):(\d{2}),(\d{3}) --> (\d{2}):(\d{2}):(\d{2}),(\d{3})$/,
};

/** Returns the cues of a WebVTT or SRT file; undefined if it is neither. */
export function parseCaptions(content: string): Captions | undefined {
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  const format = /^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? '') ? 'vtt' : 'srt';
  const cues = lines.flatMap((line) => {
    const timing = TIMINGS[format].exec(line);
    if (timing === null) return [];
    const times = timing.slice(1).map((part: string | undefined) => Number(part ?? 0));
    return [{ start: milliseconds(times.slice(0, 4)), end: milliseconds(times.slice(4)) }];
  });
  return cues.length === 0 ? undefined : { format, cues };
}

function milliseconds([hours = 0, minutes = 0, seconds = 0, rest = 0]: number[]): number {
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + rest;
}
