import type { Readable } from 'node:stream';
import type { Codes } from './codes.js';
import type { Shape, ShapeOf } from './shape.js';
import type { Tools } from './tools.js';

/** A downloaded file, on disk or in memory. */
export interface FileInHand {
  /** Its path, or its bytes if it is small. Neither may be changed. */
  readonly source: string | Uint8Array;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Whether the source declared the length of the file; otherwise it may have been truncated unnoticed. */
  readonly lengthDeclared: boolean;
  /** Reads the file from its beginning, in both forms; may be called several times. */
  readonly stream: () => Readable;
}

/** The beginning of a file that is only predicted. */
export interface FirstBytes {
  /** At most 256 KiB. */
  readonly bytes: Uint8Array;
  /** Bytes of the whole file; null if the source does not declare it. */
  readonly size: number | null;
}

/** Codes that every kind of media has and that `identify` may use as well. */
export type CommonCode = 'TRUNCATED';

/** A kind of files. Downloads, versions, storage, serving, status, report and webhooks come with it. */
export interface MediaKindDefinition<
  F extends Shape = Shape,
  T extends string = string,
  C extends Codes = Codes,
> {
  /** Plural, such as `images`: in the paths, in the status, and as `kind` of imports. */
  readonly name: string;
  /** Singular, such as `image`: the result in the status, and the word in every sentence. */
  readonly noun: string;
  /** Largest file, in bytes; a function is called once at start, when the settings have been read. */
  readonly maxBytes: number | (() => number);
  /** Accepted MIME types, each with the extension of its stored files. */
  readonly types: Readonly<Record<T, string>>;
  /** What a result tells about the file besides its MIME type. */
  readonly facts: F;
  readonly codes: C;
  /** Time limit of `identify` in milliseconds; 60 000 by default. */
  readonly identifyMs?: number;
  /** How many files a worker identifies at once; by default unlimited, with `isolate: 'process'` `PROBE_PROCESSES`. */
  readonly atOnce?: number;
  /**
   * Where `identify` runs: `inline` in the worker, the default; or `process` in child processes, each of which runs the
   * program of the team again. A crash, an endless loop or a memory leak of a parser then ends the child and costs one
   * attempt of one item; after the second time the item fails for good as `UNREADABLE`. Settings of the extension are
   * available there; other variables of the environment and providers of `worker` modules are not.
   */
  readonly isolate?: 'process' | 'inline';
  /** With `isolate: 'process'`: MiB by which a process may grow; 512 by default. */
  readonly identifyMb?: number;

  /**
   * Judges the beginning of a file for a plan. Without it, plans judge only files that fit into the first bytes.
   *
   * @returns its MIME type; null if these bytes do not tell
   * @throws the error of `tools.fail()` if `identify` would refuse the file
   */
  sniff?(head: FirstBytes, tools: Tools<(keyof C & string) | CommonCode>): Promise<NoInfer<T> | null>;

  /**
   * Checks and describes a file. It is called for bytes that the project has not stored yet.
   *
   * @throws the error of `tools.fail()` if it is no file of this kind; anything else counts as an internal error
   */
  identify(
    file: FileInHand,
    tools: Tools<(keyof C & string) | CommonCode>,
  ): Promise<{ mimeType: NoInfer<T>; facts: ShapeOf<F> }>;
}

/** A kind of files in an extension. Its types were checked where it was defined. */
export interface MediaKindPart extends Omit<MediaKindDefinition, 'identify' | 'sniff'> {
  readonly form: 'media';
  sniff?(head: FirstBytes, tools: Tools): Promise<string | null>;
  identify(file: FileInHand, tools: Tools): Promise<{ mimeType: string; facts: object }>;
}

/** Defines a kind of files. */
export function defineMediaKind<const F extends Shape, const T extends string, const C extends Codes>(
  definition: MediaKindDefinition<F, T, C>,
): MediaKindPart;
export function defineMediaKind(definition: Omit<MediaKindPart, 'form'>): MediaKindPart {
  return { ...definition, form: 'media' };
}
