import type { CallFrame } from './cpu-profile.js';

type Groups = ReadonlyArray<[name: string, files: RegExp]>;

const LIBRARIES: Groups = [
  ['database client', /\/node_modules\/(pg|pg-[a-z]+|postgres-[a-z]+|typeorm)\//],
  [
    'Redis client',
    /\/node_modules\/(bull|ioredis|redis-[a-z]+|standard-as-callback|@ioredis\/\w+|@nestjs\/bull)\//,
  ],
];

/** Groups of a worker; the first match applies. */
const WORKER: Groups = [
  ...LIBRARIES,
  ['outbound client', /\/node_modules\/undici\/|\/libs\/outbound-http\//],
  ['hash', /^node:internal\/crypto\/hash/],
  ['storage', /\/libs\/storage\/|\/media\/storage\/|\/steps\/store\./],
  ['probe', /\/libs\/(media-probe|child-pool)\/|\/videos\/identify\//],
  ['find known', /\/steps\/(find-known|find-stored|known-media)\./],
  ['recording', /\/steps\/record\.|\/imports\/(record|finish)\//],
  ['claim', /\/imports\/run\/|\/process\/batching\./],
  ['download', /\/steps\/download\.|\/media\/incoming\//],
  ['dispatcher', /\/imports\/dispatch\//],
];

/** Groups of the API. */
const API: Groups = [
  ...LIBRARIES,
  ['validation', /\/node_modules\/(class-validator|class-transformer|validator)\/|\/src\/http\/|\.dto\./],
  ['authentication', /\/node_modules\/jose\/|\/src\/(auth|limits)\//],
  ['accept', /\/imports\/accept\/|\/videos\/import\//],
  ['status', /\/imports\/status\//],
  [
    'HTTP server',
    /\/node_modules\/(fastify|find-my-way|@fastify\/\w+|@nestjs\/\w+|secure-json-parse)\/|^node:_http/,
  ],
];

/** The group of a function by its file; undefined leaves it to the caller. */
export function groupOf(role: 'api' | 'worker'): (frame: CallFrame) => string | undefined {
  const groups = role === 'api' ? API : WORKER;
  return ({ functionName, url }) => {
    if (functionName === '(garbage collector)') return 'garbage collection';
    return groups.find(([, files]) => files.test(url))?.[0];
  };
}
