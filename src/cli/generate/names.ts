/** Names in a generated package. */
export interface GeneratedNames {
  /** Of the extension, its step and its listener. */
  readonly extension: string;
  readonly kind: string;
  readonly noun: string;
  /** First word of its settings. */
  readonly prefix: string;
}

/** All names that follow from that of an extension. */
export function namesOf(extension: string): GeneratedNames {
  const kind = extension.replaceAll('_', '');
  return {
    extension,
    kind,
    // A word without a plural, such as audio, serves as both.
    noun: kind.endsWith('s') ? kind.slice(0, -1) : kind,
    prefix: extension.toUpperCase(),
  };
}
