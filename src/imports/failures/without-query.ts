import { parseUrl } from '#libs/outbound-http';

/** A URL without its query and fragment, which may contain a signature. */
export function withoutQuery(url: string | null): string | null {
  const parsed = url === null ? undefined : parseUrl(url);
  return parsed === undefined ? null : parsed.origin + parsed.pathname;
}
