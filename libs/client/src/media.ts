import { errorOf } from './errors.js';
import type { components } from './schema.js';

/** A medium of any kind. */
export type Medium = components['schemas']['MediumDto'];

/** The library of the project. All methods throw ReelportError for an error response of the server. */
export class Media {
  constructor(
    private readonly baseUrl: string,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly request: typeof globalThis.fetch,
  ) {}

  /**
   * Removes a medium: it leaves every list, and the server no longer serves its files. Repeating the call changes
   * nothing.
   *
   * @throws ReelportError 404 if the project has no such medium
   */
  async remove(mediaId: string, signal?: AbortSignal): Promise<void> {
    await this.send(encodeURIComponent(mediaId), { method: 'DELETE', ...(signal && { signal }) });
  }

  /**
   * Brings a removed medium back, within the grace period of the server (24 hours by default).
   *
   * @throws ReelportError 404 if the project has no such medium, or the grace period is over
   */
  async restore(mediaId: string, signal?: AbortSignal): Promise<Medium> {
    const path = `${encodeURIComponent(mediaId)}/restore`;
    const response = await this.send(path, { method: 'POST', ...(signal && { signal }) });
    const medium: Medium = JSON.parse(await response.text());
    return medium;
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const response = await this.request(`${this.baseUrl}/api/v1/media/${path}`, {
      ...init,
      headers: this.headers,
    });
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}
