import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** Code of an extension would have changed the answers of other routes. */
export class SealedError extends Error {
  /** @param what such as `addHook() of Fastify` */
  constructor(what: string) {
    super(
      `${what} would act on every route; use controllers, with their own guards, interceptors, pipes and filters`,
    );
  }
}

/** What only reads, or is undone by the end of the process. Whatever a new release of Fastify adds is refused. */
const READS: readonly PropertyKey[] = [
  'addresses',
  'findRoute',
  'getDecorator',
  'getSchema',
  'getSchemas',
  'hasContentTypeParser',
  'hasDecorator',
  'hasPlugin',
  'hasReplyDecorator',
  'hasRequestDecorator',
  'hasRoute',
  'inject',
  'printPlugins',
  'printRoutes',
  'ready',
];
/** Of the adapter: what Nest calls only on behalf of the code that starts the application. */
const CONFIGURES = [
  'enableCors',
  'register',
  'registerParserMiddleware',
  'setOnRequestHook',
  'setOnResponseHook',
  'setViewEngine',
  'use',
  'useBodyParser',
  'useStaticAssets',
] as const;
/** Of the adapter: what Nest itself calls once, when all modules are initialized. */
const ONCE = ['setErrorHandler', 'setNotFoundHandler'] as const;

const sealed = new WeakMap<FastifyAdapter, FastifyInstance>();

/**
 * Keeps Fastify from the modules of an application, which all can inject its adapter: a hook or a plugin of one module
 * would act on the routes of all.
 */
export class FastifySeal {
  private isOpen = true;

  /**
   * Closes when Nest has initialized the adapter, before it creates any provider.
   *
   * @param isDeclared whether a route with this configuration is one of a controller
   */
  constructor(
    private readonly adapter: FastifyAdapter,
    private readonly isDeclared: (config: object) => boolean,
  ) {
    sealed.set(adapter, adapter.getInstance());
    this.closeAfterInit();
    this.guardInstance();
    this.guardAdapter();
    this.guardRoutes();
  }

  /** Lets Reelport itself configure the application. No code of a module may run meanwhile. */
  async open(configure: () => Promise<void>): Promise<void> {
    this.isOpen = true;
    try {
      await configure();
    } finally {
      this.isOpen = false;
    }
  }

  private closeAfterInit(): void {
    const { adapter } = this;
    const init = adapter.init.bind(adapter);
    adapter.init = async () => {
      await init();
      this.isOpen = false;
    };
  }

  private guardInstance(): void {
    const instance = fastifyOf(this.adapter);
    const guarded = new Proxy(instance, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function' || READS.includes(name)) return value;
        return () => {
          throw new SealedError(`${String(name)}() of Fastify`);
        };
      },
      set: (_target, name) => {
        throw new SealedError(`Setting ${String(name)} of Fastify`);
      },
    });
    Object.defineProperty(this.adapter, 'getInstance', {
      value: () => (this.isOpen ? instance : guarded),
    });
  }

  private guardAdapter(): void {
    for (const name of CONFIGURES) this.guard(name, () => this.isOpen);
    for (const name of ONCE) {
      let calls = 0;
      this.guard(name, () => this.isOpen || ++calls === 1);
    }
  }

  private guard(name: (typeof CONFIGURES)[number] | (typeof ONCE)[number], isAllowed: () => boolean): void {
    const { adapter } = this;
    const method = adapter[name];
    Object.defineProperty(adapter, name, {
      value: (...args: unknown[]): unknown => {
        if (!isAllowed()) throw new SealedError(`${name}() of the HTTP adapter`);
        return Reflect.apply(method, adapter, args);
      },
    });
  }

  private guardRoutes(): void {
    fastifyOf(this.adapter).addHook('onRoute', ({ method, url, config }) => {
      if (!this.isOpen && !this.isDeclared(config ?? {}))
        throw new SealedError(`${[method].flat().join(', ')} ${url}, a route without a controller,`);
    });
  }
}

/** Fastify behind an adapter, sealed or not. */
export function fastifyOf(adapter: FastifyAdapter): FastifyInstance {
  return sealed.get(adapter) ?? adapter.getInstance();
}
