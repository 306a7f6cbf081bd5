import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { parseUrl } from '#libs/outbound-http';
import { countCharacters, hasAtMost, storableFault } from './characters.js';
import { SentenceRule } from './sentence-rule.js';

export interface HttpUriOptions {
  /** Most characters; 2048 by default. */
  max?: number;
  /** Says in one sentence why a URL of the right form is refused all the same, or undefined. */
  refusal?: (url: string) => string | undefined;
  optional?: boolean;
  description?: string;
  example?: string;
}

/** Removed in silence by WHATWG URL (leading, trailing or anywhere): what is fetched would not be what was written. */
const VANISHING = /^\s|\s$|\p{Cc}/u;

/** "https:example.com" and "https:\\example.com" are URLs to a browser; here they are mistakes. */
const HTTP_PREFIX = /^https?:\/\//i;

const USERINFO = /^https?:\/\/[^/?#\\]*@/i;

/**
 * An absolute http or https URL after https://url.spec.whatwg.org, without a user:password part. Whether its address
 * may be reached is for others to decide.
 */
export function HttpUri(options: HttpUriOptions = {}): PropertyDecorator {
  const { max = 2048, refusal, optional, description, example } = options;
  const wanted = `an http or https URL of at most ${max} characters`;
  return applyDecorators(
    SentenceRule('httpUri', { optional, wanted }, (value) => {
      if (typeof value !== 'string') return `This must be ${wanted}`;
      if (!hasAtMost(value, max)) return `This must be ${wanted}, not ${countCharacters(value)}`;
      return storableFault(value) ?? urlFault(value) ?? refusal?.(value);
    }),
    ApiProperty({ type: String, format: 'uri', required: !optional, maxLength: max, description, example }),
  );
}

function urlFault(text: string): string | undefined {
  if (VANISHING.test(text))
    return 'This must be a URL without control characters and without white space around it';
  if (!parseUrl(text)) return 'This must be a complete URL, such as https://example.com/video.mp4';
  if (!HTTP_PREFIX.test(text)) return 'This must be a URL that begins with http:// or https://';
  if (USERINFO.test(text)) return 'This must be a URL without a user name or password in it';
  return undefined;
}
