import type { components } from '#libs/client';
import { ask, tell } from '../../api/ask.js';

export type Medium = components['schemas']['MediumDto'];
export type Version = components['schemas']['MediaVersionDto'];
/** A stored file, as far as all kinds have the same fields. */
export type MediaFile = components['schemas']['MediaAssetDto'];

export function loadMedium(mediaId: string, signal: AbortSignal): Promise<Medium> {
  return ask((api) => api.GET('/api/v1/media/{mediaId}', { params: { path: { mediaId } }, signal }));
}

export async function loadVersions(mediaId: string, signal: AbortSignal): Promise<Version[]> {
  const params = { path: { mediaId } };
  const { results } = await ask((api) => api.GET('/api/v1/media/{mediaId}/versions', { params, signal }));
  return results;
}

/** @throws Trouble */
export function removeMedium(mediaId: string): Promise<void> {
  return tell((api) => api.DELETE('/api/v1/media/{mediaId}', { params: { path: { mediaId } } }));
}

/** @throws Trouble `missing` if it was never there, or its grace period is over */
export function restoreMedium(mediaId: string): Promise<Medium> {
  return ask((api) => api.POST('/api/v1/media/{mediaId}/restore', { params: { path: { mediaId } } }));
}

export function fileOf({ asset }: Pick<Medium, 'asset'>): MediaFile {
  const { url, mimeType, size, sha256 } = asset;
  return { url: String(url), mimeType: String(mimeType), size: Number(size), sha256: String(sha256) };
}
