const MINUTE_MS = 60_000;

/** Value of a `datetime-local` field for a time, to the minute, in the time zone of the reader. */
export function localTimeOf(at: number): string {
  const offsetMs = new Date(at).getTimezoneOffset() * MINUTE_MS;
  return new Date(at - offsetMs).toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length);
}

/** ISO 8601 of such a value; undefined if it is empty or incomplete. */
export function isoOfLocalTime(value: string): string | undefined {
  const at = new Date(value);
  return value === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
