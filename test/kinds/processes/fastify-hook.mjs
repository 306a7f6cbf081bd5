// A team whose module adds a hook to Fastify, in both roles.
import 'reflect-metadata';
import { Inject, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { createReelport, defineExtension } from '../../../dist/src/index.js';

class Hooks {
  constructor(host) {
    host.httpAdapter.getInstance().addHook('onSend', () => Promise.resolve());
  }
}
Inject(HttpAdapterHost)(Hooks, undefined, 0);
class HouseModule {}
Module({ providers: [Hooks] })(HouseModule);

await createReelport({
  extensions: [
    defineExtension({ name: 'quiet' }),
    defineExtension({ name: 'house', api: [HouseModule], worker: [HouseModule] }),
  ],
}).run();
