import { RouteConfig } from '@nestjs/platform-fastify';

const parts = new WeakMap<object, object>();

/** Adds to the configuration of a route, which the router knows before it reads the body. */
export function AddRouteConfig(part: object): MethodDecorator {
  return (target, key, descriptor) => {
    const { value } = descriptor;
    if (typeof value !== 'function') throw new Error('Configure the routes of methods only');
    // The decorator of Nest replaces what an earlier one has written.
    const all = { ...parts.get(value), ...part };
    parts.set(value, all);
    RouteConfig(all)(target, key, descriptor);
  };
}
