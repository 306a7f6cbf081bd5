import { Module, type DynamicModule } from '@nestjs/common';

/** Injection token: origins that may be reached although private. */
export const TRUSTED_ORIGINS = Symbol('TRUSTED_ORIGINS');

/** Lets the outbound client reach archives that this process serves itself; no setting can. */
@Module({})
export class TrustedOriginsModule {
  /** @param origins such as `http://127.0.0.1:4711` */
  static of(origins: readonly string[]): DynamicModule {
    return {
      module: TrustedOriginsModule,
      global: true,
      providers: [{ provide: TRUSTED_ORIGINS, useValue: origins }],
      exports: [TRUSTED_ORIGINS],
    };
  }
}
