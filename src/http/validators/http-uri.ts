import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { parseUrl } from '#libs/outbound-http';
import { CheckInContext, type ContextRule } from '../context-rule.js';
import { countCharacters, hasAtMost, storableFault } from './characters.js';
import { SentenceRule } from './sentence-rule.js';

export interface HttpUriOptions {
  /** Maximum number of characters; 2048 by default. */
  max?: number;
  /** Checks a well-formed URL by the configuration. */
  inContext?: ContextRule;
  optional?: boolean;
  description?: string;
  example?: string;
}

/** WHATWG URL silently removes these characters, so the fetched URL would differ from the written one. */
const STRIPPED = /^\s|\s$|\p{Cc}/u;

/** Browsers accept "https:example.com" and "https:\\example.com"; here they are mistakes. */
const HTTP_PREFIX = /^https?:\/\//i;

const USERINFO = /^https?:\/\/[^/?#\\]*@/i;

/**
 * An absolute http or https URL after https://url.spec.whatwg.org, without user and password. Whether its address may
 * be reached is checked elsewhere.
 */
export function HttpUri(options: HttpUriOptions = {}): PropertyDecorator {
  const { max = 2048, inContext, optional, description, example } = options;
  const wanted = `an http or https URL of at most ${max} characters`;
  return applyDecorators(
    SentenceRule('httpUri', { optional, wanted }, (value) => {
      if (typeof value !== 'string') return `Must be ${wanted}`;
      if (!hasAtMost(value, max)) return `Must be ${wanted}, not ${countCharacters(value)}`;
      return storableFault(value) ?? urlFault(value);
    }),
    ...(inContext ? [CheckInContext(inContext)] : []),
    ApiProperty({ type: String, format: 'uri', required: !optional, maxLength: max, description, example }),
  );
}

function urlFault(text: string): string | undefined {
  if (STRIPPED.test(text)) return 'Must not contain control characters or surrounding white space';
  if (!parseUrl(text)) return 'Must be a complete URL, such as https://example.com/file';
  if (!HTTP_PREFIX.test(text)) return 'Must start with http:// or https://';
  if (USERINFO.test(text)) return 'Must not contain a user name or password';
  return undefined;
}
