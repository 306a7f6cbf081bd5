import { Module, type DynamicModule } from '@nestjs/common';

/** Injection token: origins that are allowed although they are private. */
export const TRUSTED_ORIGINS = Symbol('TRUSTED_ORIGINS');

/** Allows the outbound client to reach archives that this process serves itself; no setting can. */
@Module({})
export class TrustedOriginsModule {
  /** @param origins origins such as `http://127.0.0.1:4711` */
  static of(origins: readonly string[]): DynamicModule {
    return {
      module: TrustedOriginsModule,
      global: true,
      providers: [{ provide: TRUSTED_ORIGINS, useValue: origins }],
      exports: [TRUSTED_ORIGINS],
    };
  }
}
