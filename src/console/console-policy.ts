import { parseUrl } from '#libs/outbound-http';

/**
 * Content security policy of the console: scripts, styles and requests of its own origin only, nothing inline.
 *
 * @param mediaBase base URL of stored files, whose pictures and videos the console shows
 */
export function consolePolicy(mediaBase: string | undefined): string {
  const own = ["'self'", ...originOf(mediaBase)];
  const directives: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': [...own, 'data:'],
    'media-src': own,
    'connect-src': ["'self'"],
    'font-src': ["'self'"],
    'form-action': ["'self'"],
    'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

function originOf(url: string | undefined): string[] {
  const parsed = url === undefined ? undefined : parseUrl(url);
  return parsed === undefined ? [] : [parsed.origin];
}
