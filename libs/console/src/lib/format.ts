const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function formatNumber(value: number, language: string): string {
  return value.toLocaleString(language);
}

/** Decimal units, as storage is sold and networks are measured. */
export function formatBytes(bytes: number, language: string): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1_000, unit + 1];
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  const text = value.toLocaleString(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${text} ${UNITS[unit]}`;
}

/** The two largest units: `2 d 3 h`, `4 min 10 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: Array<[number, string]> = [
    [Math.floor(whole / DAY), 'd'],
    [Math.floor((whole % DAY) / HOUR), 'h'],
    [Math.floor((whole % HOUR) / MINUTE), 'min'],
    [whole % MINUTE, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

/** `87 ms`, or as `formatDuration()` from a second on. */
export function formatMilliseconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : formatDuration(ms / 1_000);
}

/** `3 minutes ago`, `in 2 hours`, in the language. */
export function formatAge(at: number, now: number, language: string): string {
  const seconds = Math.round((at - now) / 1_000);
  const [size, unit] = unitOf(Math.abs(seconds));
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

function unitOf(seconds: number): [number, Intl.RelativeTimeFormatUnit] {
  if (seconds < MINUTE) return [1, 'second'];
  if (seconds < HOUR) return [MINUTE, 'minute'];
  if (seconds < DAY) return [HOUR, 'hour'];
  return [DAY, 'day'];
}

/** Date and time to the second, in the time zone of the reader. */
export function formatTime(at: string, language: string): string {
  return new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Rounded down, so that 100 % means all. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 100);
}
