import { type DynamicModule, Module } from '@nestjs/common';
import { Extensions } from './extensions.js';

/** Makes the extensions of this process injectable everywhere. */
@Module({})
export class ExtensionsModule {
  static forRoot(extensions: Extensions): DynamicModule {
    return {
      module: ExtensionsModule,
      global: true,
      providers: [{ provide: Extensions, useValue: extensions }],
      exports: [Extensions],
    };
  }
}
