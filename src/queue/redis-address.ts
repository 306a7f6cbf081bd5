/** REDIS_URL as ioredis takes it: it reads a `unix:` URL as the name of a host, so that a path is handed over as such. */
export function redisAddress(url: string): { url: string } | { path: string } {
  const path = /^(?:unix:\/\/)?(\/.+)$/.exec(url)?.[1];
  return path === undefined ? { url } : { path };
}
