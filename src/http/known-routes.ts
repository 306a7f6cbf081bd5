import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiError } from './api-error.js';

interface KnownRoute {
  path: RegExp;
  methods: Set<string>;
}

/** Finds paths that exist but do not support the method (RFC 9110, section 15.5.6). */
export class KnownRoutes {
  private readonly routes = new Map<string, KnownRoute>();

  /** Records the routes that are registered from now on. */
  constructor(adapter: FastifyAdapter) {
    adapter.getInstance().addHook('onRoute', ({ url, method }) => {
      // The CORS preflight route matches any path.
      if (url === '*' || url === '/*') return;
      const route = this.routes.get(url) ?? { path: pathOf(url), methods: new Set() };
      for (const each of [method].flat()) route.methods.add(each);
      this.routes.set(url, route);
    });
  }

  /** @returns 405 with the allowed methods; undefined if the path is unknown or supports the method */
  refusalOf(method: string, url: string): ApiError | undefined {
    const [path = ''] = url.split('?', 1);
    const routes = [...this.routes.values()].filter((route) => route.path.test(path));
    if (routes.length === 0 || routes.some(({ methods }) => methods.has(method))) return undefined;
    const allow = [...new Set(routes.flatMap(({ methods }) => [...methods]))].toSorted().join(', ');
    return new ApiError(405, { method: `Must be one of ${allow}` }, { headers: { allow } });
  }
}

/** Compiles a router pattern: `:name` matches a segment, `*` the rest. */
function pathOf(pattern: string): RegExp {
  const segments = pattern.replace(/\/$/, '').split('/').map(segmentOf);
  return new RegExp(`^${segments.join('/')}/?$`);
}

function segmentOf(segment: string): string {
  if (segment.startsWith(':')) return '[^/]+';
  return segment === '*' ? '.*' : segment.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
