import { type DynamicModule, Module } from '@nestjs/common';
import { ExtensionSchemas } from '../database/schema/extension-schemas.js';
import { Extensions } from './extensions.js';

/** Makes the extensions of this process injectable everywhere. */
@Module({})
export class ExtensionsModule {
  static forRoot(extensions: Extensions): DynamicModule {
    return {
      module: ExtensionsModule,
      global: true,
      providers: [
        { provide: Extensions, useValue: extensions },
        { provide: ExtensionSchemas, useValue: new ExtensionSchemas(extensions.list) },
      ],
      exports: [Extensions, ExtensionSchemas],
    };
  }
}
