/** Programs that can be started: API and worker in one process, or one of them. */
export type Program = 'standalone' | 'main' | 'worker';

const ROLES: Readonly<Record<Program, string>> = { standalone: 'standalone', main: 'api', worker: 'worker' };

/** Arguments for Node that start a program as `npm start` and `npm run start:…` do. */
export function argumentsOf(program: Program): [string, string] {
  return ['dist/src/launch.cjs', ROLES[program]];
}
