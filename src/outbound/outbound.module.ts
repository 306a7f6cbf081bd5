import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { OutboundClient } from '#libs/outbound-http';
import { Environment } from '../config/environment.js';

/** The only way out to addresses that strangers choose. */
@Global()
@Module({
  providers: [
    {
      provide: OutboundClient,
      inject: [Environment],
      useFactory: ({ TRUSTED_NETWORKS, OUTBOUND_PORTS }: Environment) =>
        new OutboundClient({ trustedNetworks: TRUSTED_NETWORKS, allowedPorts: OUTBOUND_PORTS }),
    },
  ],
  exports: [OutboundClient],
})
export class OutboundModule implements OnApplicationShutdown {
  constructor(private readonly client: OutboundClient) {}

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
