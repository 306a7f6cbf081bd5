import { Injectable } from '@nestjs/common';
import { OutboundError, UrlPolicy } from '#libs/outbound-http';
import { Environment } from '../config/environment.js';

/** Judges addresses by the rules of the outbound client, as far as they need no DNS lookup. */
@Injectable()
export class AddressCheck {
  private readonly policy: UrlPolicy;

  constructor({ TRUSTED_NETWORKS, OUTBOUND_PORTS }: Environment) {
    this.policy = new UrlPolicy({ trustedNetworks: TRUSTED_NETWORKS, allowedPorts: OUTBOUND_PORTS });
  }

  /** Explains why an address can never be reached; undefined if it may. */
  refusalOf(url: string): string | undefined {
    try {
      this.policy.check(url);
      return undefined;
    } catch (error) {
      if (error instanceof OutboundError) return error.message;
      throw error;
    }
  }
}
