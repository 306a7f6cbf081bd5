import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { OutboundClient } from '#libs/outbound-http';
import { Environment } from '../config/environment.js';
import { AddressCheck } from './address-check.js';
import { TRUSTED_ORIGINS } from './trusted-origins.module.js';

/** The only HTTP client for addresses that partners choose. */
@Global()
@Module({
  providers: [
    AddressCheck,
    {
      provide: OutboundClient,
      inject: [Environment, { token: TRUSTED_ORIGINS, optional: true }],
      useFactory: (environment: Environment, trustedOrigins: readonly string[] = []) =>
        new OutboundClient({
          trustedOrigins,
          trustedNetworks: environment.TRUSTED_NETWORKS,
          allowedPorts: environment.OUTBOUND_PORTS,
          limits: {
            connectMs: environment.OUTBOUND_CONNECT_MS,
            headersMs: environment.OUTBOUND_HEADERS_MS,
            idleMs: environment.OUTBOUND_IDLE_MS,
            minBytesPerSecond: environment.OUTBOUND_MIN_BYTES_PER_SECOND,
            speedWindowMs: environment.OUTBOUND_IDLE_MS,
            totalMs: environment.OUTBOUND_TOTAL_MS,
          },
        }),
    },
  ],
  exports: [OutboundClient, AddressCheck],
})
export class OutboundModule implements OnApplicationShutdown {
  constructor(private readonly client: OutboundClient) {}

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
