import { Injectable } from '@nestjs/common';
import { OutboundClient, OutboundError } from '#libs/outbound-http';

/** Judges addresses by the rules of the outbound client, as far as they need no DNS lookup. */
@Injectable()
export class AddressCheck {
  constructor(private readonly client: OutboundClient) {}

  /** Explains why an address can never be reached; undefined if it may. */
  refusalOf(url: string): string | undefined {
    try {
      this.client.policy.check(url);
      return undefined;
    } catch (error) {
      if (error instanceof OutboundError) return error.message;
      throw error;
    }
  }
}
