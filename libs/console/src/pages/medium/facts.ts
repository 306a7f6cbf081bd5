/** What only the kind knows of the file, in its order. */
export function factsOf({ asset }: { asset: object }): Array<[name: string, value: unknown]> {
  return Object.entries(asset).filter(([name]) => !COMMON.has(name));
}

/** `videoCodec` → `video codec` */
export function wordsOf(name: string): string {
  return name.replaceAll(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const COMMON = new Set(['url', 'mimeType', 'size', 'sha256']);
