const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes for people, in decimal units: `1.2 GB`. */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} bytes`;
  let value = count;
  let unit = '';
  for (const next of UNITS) {
    if (value < 999.95) break;
    value /= 1_000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** Seconds for people: `3 min 20 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** `1 video`, `2 videos`. @param noun plural; one that has no plain `s` stays as it is */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun.replace(/(?<!ie|s)s$/, '') : noun}`;
}
