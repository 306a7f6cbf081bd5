import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule as NestConfigModule, ConfigService, registerAs } from '@nestjs/config';
import { Environment } from './environment.js';

/** Namespace in `ConfigService`: `config.get('reelport.PORT')`. */
const NAMESPACE = 'reelport';

/** Makes the configuration injectable everywhere, as `Environment` or by name through `ConfigService`. */
@Module({})
export class ConfigModule {
  /** @param environment the validated configuration of this process, its only source */
  static forRoot(environment: Readonly<Environment>): DynamicModule {
    const load = [registerAs(NAMESPACE, () => environment)];
    return {
      module: ConfigModule,
      global: true,
      imports: [NestConfigModule.forRoot({ load, ignoreEnvFile: true, skipProcessEnv: true })],
      providers: [
        {
          provide: Environment,
          inject: [ConfigService],
          useFactory: (config: ConfigService): Environment => config.getOrThrow(NAMESPACE),
        },
      ],
      exports: [Environment, NestConfigModule],
    };
  }
}
