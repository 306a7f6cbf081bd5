/**
 * Converts REDIS_URL for ioredis, which would read a `unix:` URL as a host name; a socket path is passed separately.
 */
export function redisAddress(url: string): { url: string } | { path: string } {
  const path = /^(?:unix:\/\/)?(\/.+)$/.exec(url)?.[1];
  return path === undefined ? { url } : { path };
}
