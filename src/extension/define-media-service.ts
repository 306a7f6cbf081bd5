import type { Settings } from './define-settings.js';

/** A stored file. */
export interface StoredFile {
  /** Key in the storage, such as `2019/11/21/a209790e-….mp4`. */
  readonly key: string;
  /** Name of the kind. */
  readonly kind: string;
  readonly mimeType: string;
  /** URL of the original, as Reelport or the server in front of it serves it. */
  readonly originalUrl: string;
}

/** A service that delivers media, chosen by `MEDIA_SERVICE=name`: it decides the `url` in results. */
export interface MediaServiceDefinition<S extends Settings = Settings> {
  /** Returned to clients, as `videoService` for videos. */
  readonly name: string;
  readonly settings?: S;
  /** Builds the URL of a file for players and pages. Called for each item of a status: it must be fast and not throw. */
  url(file: StoredFile, values: S['values']): string;
}

/** A media service in an extension. */
export interface MediaServicePart {
  readonly name: string;
  readonly settings: Settings | undefined;
  url(file: StoredFile): string;
}

/** Defines a media service. */
export function defineMediaService<S extends Settings>(
  definition: MediaServiceDefinition<S>,
): MediaServicePart {
  const { name, settings } = definition;
  return { name, settings, url: (file) => definition.url(file, settings?.values ?? {}) };
}
