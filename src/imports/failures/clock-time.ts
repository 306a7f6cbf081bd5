const MINUTE_MS = 60_000;

/** A time in a sentence, rounded up to the minute: `14:05 UTC`, with the date unless it is today. */
export function clockTime(time: Date, now = new Date()): string {
  const rounded = new Date(Math.ceil(time.getTime() / MINUTE_MS) * MINUTE_MS).toISOString();
  const day = rounded.slice(0, 10);
  const clock = `${rounded.slice(11, 16)} UTC`;
  return day === now.toISOString().slice(0, 10) ? clock : `${day} ${clock}`;
}
